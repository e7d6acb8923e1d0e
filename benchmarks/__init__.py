"""Speed, memory and precision, measured; never in a test."""
