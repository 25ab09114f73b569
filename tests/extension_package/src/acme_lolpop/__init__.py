"""Integrations of the company Acme."""
