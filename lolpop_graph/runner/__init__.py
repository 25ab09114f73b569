"""The runners that come with the package: `runner/<type>/<implementation>.py`."""
