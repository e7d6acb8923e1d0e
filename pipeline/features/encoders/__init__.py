"""What turns texts into vectors, one file a third party; each says what its vocabulary lacks."""
