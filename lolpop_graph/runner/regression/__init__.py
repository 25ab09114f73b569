"""Runners that solve regression problems."""
