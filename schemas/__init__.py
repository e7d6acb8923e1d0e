"""What things are: shapes, reasons and errors. No I/O; imports nothing else of ours."""
