"""Deploy pipelines bring models into use, and out of it again."""
