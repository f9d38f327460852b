"""How a base and its adapter explain is compared question by question."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.measured import a_card, a_file

from gardener_core.answers.explain.record import (
    AskedOne,
    ExplainRecord,
    ExplainRecords,
    Share,
    identity_with,
)
from gardener_core.garden.evaluation.explained import explained_of, explained_words
from gardener_core.system.places import Places

CARD = a_card([a_file(f"src/{n}.py", 100, 90) for n in range(8)])
BASE, ADAPTER = CARD.setting.base_sha256, CARD.setting.adapter_sha256


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, tmp_path)


def keep(places: Places, identity: str, kept: Callable[[int], bool], project: str = "acme") -> None:
    asked = tuple(
        AskedOne(f"what does f{n} do", "does", "It works.", "fact", kept(n), sentences=1)
        for n in range(30)
    )
    share = Share.of(sum(kept(n) for n in range(30)), 30)
    nothing = Share.of(0, 30)
    ExplainRecords(places).keep(
        ExplainRecord("coder", identity, "", project, 1.0, share, nothing, share, nothing, asked)
    )


def test_nothing_was_measured_so_nothing_stands_there(places: Places) -> None:
    assert explained_of(places, CARD) == ()


def test_the_adapter_is_better_where_its_interval_says_so(places: Places) -> None:
    keep(places, BASE, lambda n: n % 3 == 0)
    keep(places, identity_with(BASE, ADAPTER), lambda n: n % 3 != 2)
    facts, sources, names = explained_of(places, CARD)
    assert facts.difference is not None and facts.difference.mean == pytest.approx(1 / 3)
    words = explained_words(facts)
    assert words.startswith("facts kept: base 33% (") and "n = 30" in words
    assert words.endswith("the adapter is better")
    assert explained_words(sources).endswith("no difference is seen")  # each has its source
    assert names.difference is None


def test_one_of_the_two_alone_is_not_compared(places: Places) -> None:
    keep(places, BASE, lambda n: True)
    words = [explained_words(one) for one in explained_of(places, CARD)]
    assert words[0].endswith("adapter not measured") and "points" not in words[0]


def test_a_base_that_was_asked_about_other_code_says_nothing_here(places: Places) -> None:
    keep(places, BASE, lambda n: True, project="other")
    assert explained_of(places, CARD) == ()
