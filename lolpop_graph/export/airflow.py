"""A file for Airflow 3: a DAG of tasks, which hand on files where a value is no JSON."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lolpop_graph.export.frame import (
    Program,
    Task,
    builder,
    constants,
    docstring,
    function,
    joined,
)
from lolpop_graph.export.names import Names, below_root, variable
from lolpop_graph.export.order import Origins, order_of
from lolpop_graph.export.printing import (
    Bracketed,
    Printed,
    call,
    definition,
    lines,
    prefixed,
    suffixed,
    text,
)
from lolpop_graph.export.steps import Step, names_in

TITLE = "Airflow"
_CONTEXT = """
conf conn context dag dag_run data_interval_end data_interval_start ds ds_nodash exception
execution_date expanded_ti_count inlet_events inlets logical_date macros map_index_template
next_ds next_ds_nodash next_execution_date outlet_events outlets params partition_date
partition_key prev_data_interval_end_success prev_data_interval_start_success prev_ds
prev_ds_nodash prev_end_date_success prev_execution_date prev_execution_date_success
prev_start_date_success reason run_id start_date task task_instance task_instance_key_str
task_reschedule_count task_state_store asset_state_store templates_dict test_mode ti tomorrow_ds
tomorrow_ds_nodash triggering_asset_events triggering_dataset_events try_number ts ts_nodash
ts_nodash_with_tz var yesterday_ds yesterday_ds_nodash
"""
"""What Airflow gives tasks by these names, which no parameter of a task can have."""
RESERVED = (
    *("AIRFLOW_HOME", "DAG", "RUNS", "get_current_context", "kept", "loaded", "os", "stored"),
    *_CONTEXT.split(),
)
"""The names that a file of this kind needs, and those that Airflow keeps."""
_LOADED, _RESULT = "loaded", "result"
_TASKS = """\
Values that are JSON pass from task to task by XCom, others in files below the folder RUNS, which
must be the same one for all machines that run tasks."""
_RUN = """\
    export AIRFLOW__CORE__DAGS_FOLDER=$PWD AIRFLOW__CORE__LOAD_EXAMPLES=False
    airflow db migrate
    python {file}"""


_KEPT = """\
def kept(name: str, value: Any) -> Any:
    \"\"\"Hand a value on to other tasks of this run, under a name.\"\"\"
    context = get_current_context()
    folder = RUNS / context["dag"].dag_id / context["run_id"] / context["ti"].task_id
    return stored(value, folder / f"{name}.pickle")"""
_MAIN = """\
if __name__ == "__main__":
    raise SystemExit(int(DAG.test().state != "success"))"""


def write(made: Program) -> str:
    """The text of the file."""
    run = "It belongs into the folder of DAGs. To try it where it is, without a scheduler:"
    said = (made.title, *made.made, run, _RUN.format(file=made.file), made.told, _TASKS)
    return _Writer(made).file(said)


class _Writer:
    """Writes one file."""

    def __init__(self, made: Program) -> None:
        self.made = made
        steps = [task.step for task in made.tasks]
        self.order = order_of(steps, made.result)
        self.kept = [self.order.kept(number, step) for number, step in enumerate(steps)]
        names = Names([*made.taken, *(made.variables[name] for name in made.parameters)])
        # What puts the result together is a task of its own, where there is anything to do.
        is_composed = made.result is not None and not isinstance(made.result, ast.Name)
        self.returner = names.new(_RESULT) if is_composed else ""
        self.results = [names.new(variable(below_root(step.integration)[-1])) for step in steps]
        asked = (*self.order.origins, self.order.result if is_composed else {})
        self.is_loading = any(asked)

    def file(self, said: tuple[str, ...]) -> str:
        made = self.made
        tasks = [self.task(number, task) for number, task in enumerate(made.tasks)]
        return joined(
            [
                docstring(said, made.parameters),
                self.beginning(),
                builder(made.sources),
                [_KEPT] if self.keeps else [],
                *tasks,
                self.task_of_result() if self.returner else [],
                self.dag(),
                [f"DAG = {made.flow}()"],
                [_MAIN],
            ]
        )

    @property
    def keeps(self) -> bool:
        """Whether a task hands on a value."""
        return any(self.kept) or bool(self.returner)

    def beginning(self) -> Iterator[str]:
        if self.keeps:
            yield "import os"
        yield "from collections.abc import Iterator"
        yield "from contextlib import chdir, contextmanager"
        yield "from pathlib import Path"
        yield "from typing import Any"
        yield ""
        yield "import lolpop_graph as lg"
        yield f"from airflow.sdk import dag, {'get_current_context, ' * self.keeps}task"
        values = [*[_LOADED] * self.is_loading, *["stored"] * self.keeps]
        if values:
            yield f"from lolpop_graph.export.values import {', '.join(values)}"
        yield from self.made.sources.imports
        yield ""
        yield from constants(self.made.sources)
        if self.keeps:
            yield 'AIRFLOW_HOME = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser()'
            yield 'RUNS = Path(os.environ.get("LOLPOP_GRAPH_RUNS", AIRFLOW_HOME / "lolpop_graph"))'

    def task(self, number: int, task: Task) -> Iterator[str]:
        settings = {"retries": str(task.retries)} if task.retries else {}
        if task.step.unpacks and self.kept[number]:
            settings["multiple_outputs"] = "True"
        decorator = call("task", task_id=text(task.label), **settings)
        yield from function(self.made, task, decorator, self.body(number, task))

    def body(self, number: int, task: Task) -> Iterator[str]:
        """The lines within the `with` of a task."""
        step, kept = task.step, self.kept[number]
        called = self.made.call_of(step, self.loaded(self.order.origins[number]))
        if kept:
            targets = self.made.targets(step)
            yield from lines(prefixed(f"{targets} = ", called), 2)
            yield from lines(prefixed("return ", self.returned(step, kept)), 2)
        else:
            yield from lines(called, 2)

    def returned(self, step: Step, kept: tuple[str, ...]) -> Printed:
        """What a task returns: one value, or a mapping of those that it was unpacked into."""
        own = [self.made.variables[name] for name in kept]
        values = [call("kept", text(name), name) for name in own]
        if not step.unpacks:
            return values[0]
        items = (prefixed(f"{text(name)}: ", each) for name, each in zip(kept, values, strict=True))
        return Bracketed("{", tuple(items), "}")

    def loaded(self, origins: Origins) -> dict[str, ast.expr]:
        """For each name that other tasks give a value, the expression of that in a task.

        What a parameter of the flow says is never looked for in a file.
        """
        own = self.made.variables
        return {name: ast.Call(ast.Name(_LOADED), [ast.Name(own[name])], []) for name in origins}

    def task_of_result(self) -> Iterator[str]:
        result, own = self.made.result, self.made.variables
        assert result is not None  # noqa: S101 - else there is no such task
        names = names_in(result)
        yield from lines(prefixed("@", call("task", task_id=text(_RESULT))))
        yield from lines(definition(self.returner, [f"{own[name]}: Any" for name in names], "Any"))
        value = self.made.code(result, self.loaded(self.order.result))
        yield from lines(prefixed("return ", call("kept", text(_RESULT), value)), 1)

    def dag(self) -> Iterator[str]:
        made = self.made
        settings = call("dag", dag_id=text(made.label), schedule="None")
        yield from lines(prefixed("@", settings))
        yield from lines(definition(made.flow, made.signature, "None"))
        yield '    """Say which task is given what of which."""'
        asked = {each for waits in self.order.waits for each in waits}
        asked |= {each for origins in self.order.origins for each in origins.values()}
        if self.returner:
            asked.update(self.order.result.values())
        for number, task in enumerate(made.tasks):
            given = [self.given(name, self.order.origins[number]) for name in task.step.names]
            waits = [self.results[each] for each in self.order.waits[number]]
            result = f"{self.results[number]} = " if waits or number in asked else ""
            yield from lines(prefixed(result, call(task.function, *given)), 1)
            if waits:
                first = waits[0] if len(waits) == 1 else Bracketed("[", tuple(waits), "]")
                yield from lines(suffixed(first, f" >> {self.results[number]}"), 1)
        if self.returner:
            names = names_in(made.result) if made.result else ()
            given = [self.given(name, self.order.result) for name in names]
            yield from lines(call(self.returner, *given), 1)

    def given(self, name: str, origins: Origins) -> str:
        """What a task is given for a name of the method."""
        if name not in origins:
            return self.made.variables[name]
        number = origins[name]
        result = self.results[number]
        item = text(self.made.variables[name])
        return f"{result}[{item}]" if self.made.tasks[number].step.unpacks else result
