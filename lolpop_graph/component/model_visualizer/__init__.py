"""Model visualizers draw how good predictions are."""
