"""Process pipelines get data ready to be learnt from."""
