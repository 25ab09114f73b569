"""Notifiers tell people what they should know."""
