"""What every metadata tracker has to keep."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance, travelled

TABLE = pd.DataFrame({"size": [1.5, 2.5], "colour": ["red", "né"]})


class MetadataTrackerConformance(Conformance):
    """A metadata tracker keeps what is recorded of runs, for other trackers of its config too."""

    part_type = "metadata_tracker"

    def test_a_run_is_kept(self, built: Any, build_part: Any) -> None:
        """Name, parameters, tags and status are what another tracker of the same place reads."""
        with built.run("first", {"why": "test"}) as run_id:
            assert built.run_id == run_id
            assert built.read_run(run_id).status == "RUNNING"
            built.log_params({"depth": 8, "kinds": ["a", "né"], "none": None})
            built.log_tag("stage", "dev")
            built.log_dataset(TABLE, "fruit.csv", "training")
        run = build_part().read_run(run_id)
        assert (run.run_id, run.name, run.status) == (run_id, "first", "FINISHED")
        assert run.params == {"depth": "8", "kinds": "['a', 'né']", "none": "None"}
        assert run.tags == {"why": "test", "stage": "dev"}
        assert run.started <= run.ended
        assert timedelta(0) <= datetime.now(UTC) - run.ended < timedelta(minutes=1)

    def test_a_run_that_raises_has_failed(self, built: Any) -> None:
        """The error goes on, and another run may begin."""
        with pytest.raises(ZeroDivisionError), built.run() as run_id:
            _ = 1 / 0
        assert built.read_run(run_id).status == "FAILED"
        with built.run() as other:
            assert other != run_id

    def test_a_run_left_open_has_failed(self, build_part: Any) -> None:
        """When the workflow is closed."""
        tracker = build_part()
        run_id = tracker.start_run()
        tracker.close()
        assert build_part().read_run(run_id).status == "FAILED"

    def test_one_run_at_a_time_is_active(self, built: Any) -> None:
        """The second is refused while the first is active."""
        with built.run() as run_id:
            with pytest.raises(RuntimeError, match="still active"):
                built.start_run()
            assert built.run_id == run_id

    def test_nothing_is_logged_outside_a_run(self, built: Any, folder: Path) -> None:
        """Rather than to a run that nobody began."""
        file = folder / "file.txt"
        file.write_text("kept", encoding="utf-8")
        for log in (
            lambda: built.run_id,
            lambda: built.log_params({"depth": 8}),
            lambda: built.log_tag("stage", "dev"),
            lambda: built.log_dataset(TABLE, "fruit.csv", "training"),
            lambda: built.log_artifact(file),
            built.end_run,
        ):
            with pytest.raises(RuntimeError, match="no run is active"):
                log()

    def test_what_a_run_was_done_with_does_not_change(self, built: Any) -> None:
        """The same parameter again is fine, another value of it is not; tags may change."""
        with built.run() as run_id:
            built.log_params({"depth": 8})
            built.log_params({"depth": 8, "width": 2})
            with pytest.raises(ValueError, match="depth"):
                built.log_params({"depth": 9})
            built.log_tag("stage", "dev")
            built.log_tag("stage", "prod")
        run = built.read_run(run_id)
        assert run.params == {"depth": "8", "width": "2"}
        assert run.tags["stage"] == "prod"

    def test_many_and_long_params_are_kept(self, built: Any) -> None:
        """Models have hundreds of them, and some hold whole lists."""
        with built.run() as run_id:
            built.log_params({f"p{number}": number for number in range(250)} | {"long": "x" * 5000})
        params = built.read_run(run_id).params
        assert len(params) == 251
        assert params["long"] == "x" * 5000

    def test_artifacts_are_fetched(self, built: Any, build_part: Any, folder: Path) -> None:
        """Files and whole folders are those that were given, whatever has become of these."""
        source = folder / "source"
        (source / "deep").mkdir(parents=True)
        (source / "deep" / "b.bin").write_bytes(bytes(range(256)))
        note = folder / "note.txt"
        note.write_text("first", encoding="utf-8")
        with built.run() as run_id:
            built.log_artifact(note, "model")
            built.log_artifact(source, "model")
            note.write_text("second", encoding="utf-8")
        fetched = build_part().fetch_artifacts(run_id, "model", folder / "new")
        assert (fetched / "note.txt").read_text(encoding="utf-8") == "first"
        assert (fetched / "source" / "deep" / "b.bin").read_bytes() == bytes(range(256))
        assert folder / "new" in fetched.parents

    def test_what_is_not_there_is_said(self, built: Any, folder: Path) -> None:
        """A run, a folder of one, and a file to keep."""
        with pytest.raises(LookupError):
            built.read_run("no-such-run")
        with pytest.raises(LookupError):
            built.fetch_artifacts("no-such-run", "model", folder)
        with built.run() as run_id:
            with pytest.raises(FileNotFoundError):
                built.log_artifact(folder / "absent.txt")
            with pytest.raises(LookupError):
                built.fetch_artifacts(run_id, "model", folder)

    def test_artifacts_stay_in_their_folder(self, built: Any, folder: Path) -> None:
        """No name leads out of it."""
        file = folder / "file.txt"
        file.write_text("kept", encoding="utf-8")
        with built.run(), pytest.raises(ValueError, match="outside"):
            built.log_artifact(file, "../../outside")

    def test_runs_are_listed(self, built: Any, build_part: Any) -> None:
        """The newest first, those of other processes too."""
        assert built.runs() == []
        other = build_part()
        with built.run("a"), other.run("b"):
            assert {run.name for run in built.runs()} == {"a", "b"}
        with built.run("c") as last:
            assert built.runs()[0].run_id == last
        assert len(other.runs()) == 3

    def test_calls_from_afar_log_to_the_run(
        self, built: Any, build_part: Any, folder: Path
    ) -> None:
        """Others that are told of it log to it at the same time, and nothing is lost."""
        file = folder / "file.txt"
        file.write_text("kept", encoding="utf-8")
        with built.run() as run_id:
            context = travelled(built.remote_context())

            def log(other: Any, name: str) -> None:
                with other.in_remote_context(context):
                    assert (other.run_id, other.begun_elsewhere) == (run_id, True)
                    for number in range(5):
                        other.log_tag(f"{name}{number}", name)
                        other.log_params({f"{name}{number}": number})
                        other.log_artifact(file, f"model/{name}{number}")

            with ThreadPoolExecutor() as pool:
                done = [pool.submit(log, build_part(), name) for name in "ab"]
                log(build_part(), "c")
                assert [each.result() for each in done] == [None, None]
            built.log_tag("last", "here")
        run = built.read_run(run_id)
        names = [f"{name}{number}" for name in "abc" for number in range(5)]
        assert sorted(run.tags) == sorted([*names, "last"])
        assert sorted(run.params) == names
        fetched = built.fetch_artifacts(run_id, "model", folder / "new")
        assert sorted(path.name for path in fetched.iterdir()) == names
        assert travelled(run) == run

    def test_calls_from_afar_leave_the_run_as_it_is(self, built: Any, build_part: Any) -> None:
        """Who begins a run ends it, and what follows it is as before when the call is over."""
        assert built.remote_context() is None
        other = build_part()
        with built.run() as run_id:
            with other.in_remote_context(built.remote_context()):
                for refused in (other.end_run, other.start_run):
                    with pytest.raises(RuntimeError, match=run_id):
                        refused()
                other.close()
            with pytest.raises(RuntimeError, match="no run is active"):
                _ = other.run_id
            assert not other.begun_elsewhere
            assert built.read_run(run_id).status == "RUNNING"
        assert built.read_run(run_id).status == "FINISHED"
