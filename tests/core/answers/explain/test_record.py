"""A record says whether a model may explain, and only the last version of the measure counts."""

import json
from dataclasses import replace
from pathlib import Path

from gardener_core.answers.explain.record import AskedOne, ExplainRecord, ExplainRecords, Share
from gardener_core.system.places import Places

GOOD = ExplainRecord(
    model="m",
    identity="abc",
    adapter="",
    project="p",
    measured=1.0,
    facts_kept=Share.of(18, 20),
    names_invented=Share.of(0, 40),
    citations_held=Share.of(30, 40),
    absent_answered=Share.of(1, 10),
    asked=(AskedOne("what does f do", "does", "It does.", "Does it.", True),),
)


def test_it_is_kept_by_model_and_comes_back_whole(tmp_path: Path) -> None:
    records = ExplainRecords(Places(config=tmp_path, data=tmp_path))
    file = records.keep(GOOD)
    assert records.of("abc") == GOOD and records.of("another") is None
    assert json.loads(file.read_text())["asked"][0]["question"] == "what does f do"
    old = json.loads(file.read_text()) | {"version": 0}
    file.write_text(json.dumps(old))
    assert records.of("abc") is None, "an older measure says nothing"
    file.write_text("{")
    assert records.of("abc") is None


def test_the_bounds_decide_and_are_said() -> None:
    assert GOOD.passed and GOOD.faults == () and not GOOD.believes_questions
    forgets = replace(GOOD, facts_kept=Share.of(4, 20))
    assert not forgets.passed and "facts kept 20%, at least 60% is wanted" in forgets.faults
    invents = replace(GOOD, names_invented=Share.of(8, 40))
    assert not invents.passed and "at most 5% is allowed" in invents.faults[0]
    assert replace(GOOD, absent_answered=Share.of(9, 10)).believes_questions


def test_an_interval_holds_its_share_and_narrows() -> None:
    few, many = Share.of(8, 10), Share.of(800, 1000)
    assert few.low < many.low < 0.8 < many.high < few.high
    assert Share.of(0, 0) == Share(0.0, 0, 0.0, 1.0)
