"""The legend of a picture: one row for each way of drawing that occurs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from visualize.style import MUTED_COLOUR, EdgeStyle, line_attributes
from visualize.text import left_aligned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NODE = 'class="legend", shape=plaintext, height=0.3'
# The margin keeps the words off the arrow's tip.
_WORDS = f'width=1.5, margin="0.08,0", fontsize=9, fontcolor="{MUTED_COLOUR}"'


class Sample(NamedTuple):
    """The words that explain a line or, without one, a word in the picture."""

    words: tuple[str, ...]
    line: EdgeStyle | None = None


def legend(samples: Iterable[Sample]) -> Iterator[str]:
    """Yield the DOT lines of a legend for the samples, each once; none for no samples.

    Graphviz puts what comes first last: before the groups, the legend stands below them.
    """
    rows = list(dict.fromkeys(samples))
    if not rows:
        return
    yield "subgraph cluster_legend {"
    yield '  label=""; style=""; color="#D5DAE0"; margin=6'
    for i, sample in enumerate(rows):
        yield from (f"  {line}" for line in _row(f"l{i}", sample))
    if len(rows) > 1:
        chain = " -> ".join(f"l{i}" for i in reversed(range(len(rows))))
        yield f"  {{rank=same; {chain} [style=invis]}}"
    yield "}"


def _row(row: str, sample: Sample) -> Iterator[str]:
    line = "style=invis" if sample.line is None else line_attributes(sample.line)
    # A line begins at a node without a width, so that nothing is empty in front of it.
    yield f'{row} [label="", width=0.01, {_NODE}]'
    yield f"{row}w [label={left_aligned(*sample.words)}, {_NODE}, {_WORDS}]"
    yield f"{row} -> {row}w [{line}]"
