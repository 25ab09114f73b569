"""Model checkers say whether a model is good enough."""
