"""Hyperparameter tuners look for the parameters that a model does best with."""
