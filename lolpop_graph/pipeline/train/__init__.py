"""Train pipelines make a model and measure it."""
