"""The workers of a run: found or started, reached, and asked whether they are ready."""
