"""Data profilers describe a table column by column."""
