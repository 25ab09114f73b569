"""Methods that are tried again when they fail."""
