"""The libraries that train. One file each."""
