"""Runners that solve problems of time series."""
