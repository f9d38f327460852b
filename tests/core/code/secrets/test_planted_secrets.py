"""Secrets of published formats are hidden wherever they stand."""

import time
from collections.abc import Sequence

import pytest
from support.planted import Planted, halves, kept_back, later, planted

from gardener_core.code.secrets.detection import find_secrets

HIDDEN_SHARE = 0.8  # of the characters of a secret


def shown(found: Sequence[Planted]) -> list[Planted]:
    """Those of which too much stays readable."""
    return [
        item
        for item in found
        if kept_back(item.text, item.secret, [(s.start, s.end) for s in find_secrets(item.text)])
        < HIDDEN_SHARE
    ]


# The second half was read after 94.3 % of it had been hidden; the later set was never read.
@pytest.mark.parametrize(
    ("names", "least"),
    [(halves()[0], 0.98), (halves()[1], 0.97), (later(), 0.95)],
    ids=["first", "second", "later"],
)
def test_planted_secrets_are_hidden(names: list[str], least: float) -> None:
    found = list(planted(names))
    missed = shown(found)
    assert len(found) > 300
    hidden = 1 - len(missed) / len(found)
    assert hidden >= least, [(item.format, item.text) for item in missed]


# Each once took minutes, or would if something were looked for again from every place.
@pytest.mark.parametrize(
    "text", ["eyJa", 'key="', "bearer ", 'token" {', "ab_aB3dE5gH7jK9mN1pQ4sT6v ", "://a:", "x1"]
)
def test_hostile_text_takes_its_size(text: str) -> None:
    started = time.process_time()
    find_secrets(text * (300_000 // len(text)))
    assert time.process_time() - started < 10


def test_what_overlaps_is_hidden_whole() -> None:
    text = 'token = "hf_q7Rm2XkVt9LwZ4sBnJ6cYp3HdF8gTuEaKx.9Yx8Qw7Er6Ty5Ui4Op3"\n'
    (found,) = find_secrets(text)
    assert text[found.start : found.end] == text[9:-2]
