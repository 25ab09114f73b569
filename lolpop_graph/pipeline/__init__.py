"""The pipelines that come with the package: `pipeline/<type>/<implementation>.py`."""
