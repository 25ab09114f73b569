"""Results of methods that are kept for the next time."""
