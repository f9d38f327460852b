"""Events survive the way through a file, those of newer programs too."""

import json

import pytest

from gardener_core import events
from gardener_core.events.json import decode, encode

WHY = events.Why(1, 2.5, ("token",))
HIT = events.Hit(1, "a.py", 1, 2, "A.f", "method", "python", 2.5, WHY, "code\n")


@pytest.mark.parametrize(
    "event",
    [
        events.Started(),
        events.StepDone("r", "train", 1, 2, 3.5),
        events.Retrieved((HIT,), 0.1),
        events.Answered("t", True, (events.Citation(1, "a", 1, 2, "s"),), "b", "", "", 0, 0.1, 0.2),
        events.Indexed(1, 1, 0, 3, (events.SkippedFile("x", "binary"),), 0.5),
        events.Linked(3, 40, 0.5),
        events.Exported((events.WrittenFile("a", 1, "f"),), None),
        events.Exported((), events.Fidelity(20, 1e-5, 1e-5, 0.1, 3, 0)),
        events.Unknown("Dreamt", {"of": "sheep"}),
    ],
    ids=lambda event: type(event).__name__,
)
def test_event_survives(event: events.Event) -> None:
    line = json.dumps(encode(event))
    assert line.startswith('{"event": ')
    assert decode(json.loads(line)) == event


def test_extra_fields_are_ignored_and_wrong_ones_kept_unknown() -> None:
    assert decode({"event": "Queued", "ahead": 1, "new": True}) == events.Queued(1)
    assert decode({"event": "Queued", "ahead": "one"}) == events.Unknown("Queued", {"ahead": "one"})
    assert decode({"event": "Queued"}) == events.Unknown("Queued", {})
    assert decode({"event": "Finished", "seconds": 3}) == events.Finished(3.0)
