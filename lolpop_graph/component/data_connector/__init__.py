"""Data connectors load tables and save them."""
