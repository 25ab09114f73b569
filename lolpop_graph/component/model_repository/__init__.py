"""Model repositories keep the versions of models, and say which one is in use."""
