"""The values of a `class Config`, read from a workflow and checked.

`reading` looks for the value of each field and makes the configs, `wrong_values` says where what
is wrong is written, `refusals` why it is. With it comes pydantic, so that only those import it
who have a class with a `Config`.
"""

from lolpop_graph.typed.reading import TypedConfig, configure

__all__ = ["TypedConfig", "configure"]
