"""Asks all workers, before anything runs, whether the workflow would be the same there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError, Fault
from lolpop_graph.remote.worker.control import close_sessions, differences, owners_here, prepare
from lolpop_graph.shipment import Shipment

if TYPE_CHECKING:
    from distributed import Client

Need = Mapping[str, float]
"""The resources that calls of an integration need, by name."""


def fail_unless_ready(client: Client, shipment: Shipment, needs: Mapping[str, Need]) -> None:
    """Raise ElsewhereError with all that would go wrong on the workers that are there.

    That is: other versions or plug-ins (LG821), resources that nobody has (LG829), and what is
    wrong with the workflow there alone, such as an environment variable or a class that is missing.
    """
    close_for_the_dead(client)
    found = [*_differing(client, shipment), *lacking(client, needs)]
    if not found:
        said = client.run(prepare, shipment) or {}
        found = _once(fault for faults in said.values() for fault in faults)
    if found:
        raise ElsewhereError(found)


def _differing(client: Client, shipment: Shipment) -> list[Fault]:
    said = client.run(differences, shipment.facts, on_error="return") or {}
    found: dict[tuple[str, str, str], list[str]] = {}
    for worker, answer in said.items():
        if isinstance(answer, OSError):
            # It has gone meanwhile.
            continue
        # One that has not this package, or an old one, cannot even read the question.
        is_error = isinstance(answer, BaseException)
        here = {"lolpop-graph": _versions(shipment, answer)} if is_error else answer
        for name, (sent, there) in here.items():
            found.setdefault((name, sent, there), []).append(worker)
    return [
        f.ProcessDiffers(what=name, sent=sent, here=here, workers=tuple(sorted(workers)))
        for (name, sent, here), workers in found.items()
    ]


def _versions(shipment: Shipment, error: BaseException) -> tuple[str, str]:
    is_missing = "No module named 'lolpop_graph'" in str(error)
    return dict(shipment.facts)["lolpop-graph"], "" if is_missing else f"that says {error}"


def lacking(client: Client, needs: Mapping[str, Need]) -> list[Fault]:
    """A fault for each path whose calls need what no worker has."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    offers = [worker["resources"] for worker in workers]
    return [
        f.NoResource(path=path, needs=_worded(need), offered=_worded(_most(offers)))
        for path, need in needs.items()
        if not any(_is_enough(offer, need) for offer in offers)
    ]


def _is_enough(offer: Mapping[str, float], need: Need) -> bool:
    return all(offer.get(name, 0) >= amount for name, amount in need.items())


def _most(offers: Iterable[Mapping[str, float]]) -> dict[str, float]:
    most: dict[str, float] = {}
    for offer in offers:
        most.update({name: max(most.get(name, 0), amount) for name, amount in offer.items()})
    return most


def _worded(amounts: Mapping[str, float]) -> str:
    """As Dask's command line takes them: `GPU=1 MEMORY=2.5`."""
    return " ".join(f"{name}={amount:g}" for name, amount in amounts.items())


def close_for_the_dead(client: Client) -> None:
    """Let workers close what they keep for sessions whose driver has gone without closing them."""
    said = client.run(owners_here, on_error="return") or {}
    known = {owner for owners in said.values() if isinstance(owners, set) for owner in owners}
    gone = {client_id for client_id in {_client_of(owner) for owner in known}
            if client_id != client.id and _has_gone(client, client_id)}  # fmt: skip
    if dead := [owner for owner in known if _client_of(owner) in gone]:
        client.run(close_sessions, dead, wait=False, on_error="return")


def _client_of(owner: str) -> str:
    return owner.partition("/")[0]


def _has_gone(client: Client, client_id: str) -> bool:
    """Whether the last that the scheduler remembers of a client is its end, or nothing at all."""
    events = client.get_events(client_id)
    actions = [event["action"] for _, event in events if event.get("action") in _ACTIONS]
    return not actions or actions[-1] == _ACTIONS[1]


_ACTIONS = ("add-client", "remove-client")


def _once(faults: Iterable[Fault]) -> list[Fault]:
    found: list[Fault] = []
    for fault in faults:
        if fault not in found:
            found.append(fault)
    return found
