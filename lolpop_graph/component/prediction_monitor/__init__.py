"""Prediction monitors say whether data has drifted away from a reference."""
