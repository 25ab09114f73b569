"""Decorators wrap the public methods of other integrations."""
