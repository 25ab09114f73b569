"""Loggers write what integrations have to say."""
