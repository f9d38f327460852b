"""A base explains by itself only where its record allows it, and the reason is said."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.served import place_base

from gardener_core.answers.explain.record import ExplainRecord, ExplainRecords, Share
from gardener_core.garden.door import Garden, open_garden
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places


@pytest.fixture
def places(grown, base_gguf: Path, tmp_path: Path) -> Places:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    place_base(places, grown, base_gguf)
    return places


def project_in(garden: Garden, folder: Path) -> Project:
    folder.mkdir()
    return garden.projects.add(folder)


def test_only_one_that_passed_explains_unasked(places: Places, tmp_path: Path) -> None:
    garden = open_garden(places)
    project = project_in(garden, tmp_path / "code")
    assert garden.chats.explainer(project) == ("", ""), "nobody expects it of the seedling"
    assert garden.chats.explaining.of("seedling").why.startswith("seedling was not measured")
    records, sha256 = ExplainRecords(places), garden.models.all()[0].sha256
    good = ExplainRecord(
        "seedling", sha256, "", "p", 1.0,
        Share.of(9, 10), Share.of(0, 10), Share.of(8, 10), Share.of(0, 5),
    )  # fmt: skip
    records.keep(replace(good, facts_kept=Share.of(1, 10)))
    base, why = garden.chats.explainer(project)
    assert base == "" and "facts kept 10%, at least 60% is wanted" in why
    assert garden.chats.explaining.of("seedling").standing == "failed"
    records.keep(good)
    assert garden.chats.explainer(project) == ("seedling", "")
    known = garden.chats.explaining.of("seedling")
    assert known.standing == "passed" and "facts kept 90%" in known.figures
    assert known.record == good and Path(known.file).is_file()
    garden.settings.set("models.explain", "false")
    assert garden.chats.explainer(project)[0] == ""
    assert garden.chats.explaining.of("nobody").why == "nobody is not here."
    garden.close()


def test_reading_ahead_wants_a_model_and_the_setting(places: Places, tmp_path: Path) -> None:
    garden = open_garden(places)
    project = project_in(garden, tmp_path / "code")
    assert garden.chats.read_ahead(project, "what does load do").skipped == "nothing"
    garden.settings.set("models.read_ahead", "false")
    ahead = garden.chats.read_ahead(project, "what does load do", model="seedling")
    assert ahead.skipped == "off" and ahead.tokens == 0
    garden.close()
