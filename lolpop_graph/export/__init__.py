"""A workflow's method as a file of another system: each of its calls is a task there.

`exporting` tells the story, which begins with a `request`: `signature` has what the method is
given, `steps` the calls that its text declares, `left_behind` what keeps these from being tasks of
their own, `given` what the file needs of the call that planned the workflow. `engines` knows the
systems, and says what a new one needs: `prefect` and `airflow` write the file, of what `frame` has
for all, in the `order` of the steps; `names` and `printing` lay it out, and `command` says how it
is made again. `written` says whether a file may be replaced. The files that are written for Airflow
import `values`.
"""
