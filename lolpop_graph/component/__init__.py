"""The components that come with the package: `component/<type>/<implementation>.py`."""
