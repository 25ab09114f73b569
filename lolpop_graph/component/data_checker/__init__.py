"""Data checkers say whether a table is fit to be used."""
