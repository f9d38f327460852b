"""Each event has one sentence, for the log of the screen and for the commands."""

from dataclasses import replace

import pytest

from gardener_core.events.index import Indexed, Settled
from gardener_core.events.run import Died, Finished, Heard, Noted, Paused, Queued, Resumed, Silent
from gardener_core.events.sentences import sentence
from gardener_core.events.train import (
    AlertRaised,
    CompletedLine,
    DeviceChosen,
    LinesCompleted,
    Planned,
    RecentScored,
    RetentionMeasured,
    Saved,
    Scored,
)
from gardener_core.events.union import Event, Unknown

LINE = CompletedLine("a.py", 3, "x = 1", "x = 1")


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Queued(1), "Queued behind 1 run"),
        (Resumed(), "Resumed"),
        (Paused(), "Paused"),
        (Paused("The disk is full."), "Paused: The disk is full. It resumes by itself."),
        (Heard("stop"), "Will stop as soon as nothing is lost by it"),
        (Finished(30.0, 2.0), "Finished in 30 s, waited 2.0 s"),
        (Finished(72.0), "Finished in 1:12"),
        (Died(""), "Died: without a message"),
        (Died("trace\nKilled: 9\n"), "Died: Killed: 9"),
        (Silent(34), "Silent for 34 s; the process is still there"),
        (Noted("As it is."), "As it is."),
        (Scored("after", "loss", 2.09, 26), "loss after: 2.0900 over 26 held-out files"),
        (Saved("v1", "adapters/v1", 2048), "Saved adapter v1: 2.0 KiB in adapters/v1"),
        (DeviceChosen("cuda", "H200", "bf16", "the fastest here"),
         "Computes on H200 in bf16: the fastest here"),
        (LinesCompleted(20, (LINE, replace(LINE, completed="y"))),
         "Held-out lines after step 20: 1 of 2 as they stand there"),
        (RetentionMeasured("v1", 0.8, 0.84, 3),
         "Unchanged code, bits per byte: 0.8000 with v1, 0.8400 now (+5.0%) over 3 held-out files"),
        (RecentScored("2026-10-01", 0.8, 0.72, 1),
         "By time, bits per byte: 0.8000 to 0.7200 (-10.0%) over 1 held-out file added since "
         "2026-10-01"),
        (AlertRaised("plateau", 40, 1.25, 20),
         "Alert at step 40: no smoothed loss below 1.250 for 20 steps"),
        (AlertRaised("disk", 4, 2048, 4096),
         "Alert at step 4: 2.0 KiB of disk are left, less than 4.0 KiB"),
        (Scored("parent", "loss", 2.0, 1),
         "loss with the adapter that it goes on from: 2.0000 over 1 held-out file"),
        (Indexed(1, 1, 0, 4, (), 0.25), "Indexed 1 file, 4 chunks in 0.2 s: 1 changed, 0 removed"),
        (Settled(31, 1, 9, 8, 0.5), "Merged 31 fragments of the table into 1 in 0.50 s"),
        (Unknown("Dreamt", {}), "Dreamt: an event of a newer program"),
    ],
)  # fmt: skip
def test_an_event_has_one_sentence(event: Event, text: str) -> None:
    assert sentence(event) == text


def test_thousands_are_kept_apart_as_the_face_wants_it() -> None:
    plan = Planned("r", "train", "seedling", 1400, 312_400, 171, 43)
    assert "1,400 steps, 312,400 tokens" in sentence(plan)
    assert "1 400 steps, 312 400 tokens" in sentence(plan, " ")
