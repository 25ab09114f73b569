"""Runners that solve classification problems."""
