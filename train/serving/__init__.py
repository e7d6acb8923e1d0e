"""An exported model that answers: llama.cpp's server, and a chat with it."""
