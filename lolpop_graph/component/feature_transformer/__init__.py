"""Feature transformers turn tables into matrices of numbers."""
