"""Metrics trackers record numbers over the course of a run."""
