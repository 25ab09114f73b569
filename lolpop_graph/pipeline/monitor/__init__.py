"""Monitor pipelines look after a model that is in use."""
