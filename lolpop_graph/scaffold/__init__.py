"""Projects and parts of projects, made of templates.

`making` has what the commands `init` and `new` do. Nothing of copier is imported before a template
is read.
"""
