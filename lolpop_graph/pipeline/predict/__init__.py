"""Predict pipelines put a model to use on new data."""
