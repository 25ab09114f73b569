"""Data transformers make one table of another."""
