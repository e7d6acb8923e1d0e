"""An exported model that answers: llama.cpp's server, and chatting with it."""
