"""Data splitters part a table into rows to learn from and rows to judge by."""
