"""Metadata trackers record runs: their parameters, tags, data and files."""
