"""Model evaluators say how good predictions are."""
