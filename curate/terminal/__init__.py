"""What commands share: options, questions, progress, and how results are printed."""
