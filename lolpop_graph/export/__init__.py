"""A workflow's method as a file of another system: each of its calls is a task there.

`exporting` tells the story: `signature` has what the method is given, `steps` the calls that its
text declares, `states` what keeps these from being tasks of their own, `given` what the file needs
of the call that planned the workflow. `prefect` and `airflow` write the file, of what `frame` has
for both; `printing` lays it out. `written` says whether a file may be replaced. The files that are
written for Airflow import `values`.
"""
