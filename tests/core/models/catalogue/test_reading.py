"""The shipped catalogue is sound; a user's entries are added, and bad ones named and left out."""

import re
from pathlib import Path

import pytest

from gardener_core.errors import ModelMissing
from gardener_core.models.catalogue.entry import HubSource, PackageSource
from gardener_core.models.catalogue.needs import fits, needs_of
from gardener_core.models.catalogue.reading import read_catalogue
from gardener_core.models.families import is_trainable_gguf
from gardener_core.system.places import Places

GOOD = """
[[model]]
name = "mine"
roles = ["chat"]
file = [{ name = "mine.gguf" }]
source = [{ kind = "file", paths = ["~/mine.gguf"] }]
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "config").mkdir()
    return Places(config=tmp_path / "config", data=tmp_path / "data")


def test_what_ships_is_sound(places: Places) -> None:
    catalogue = read_catalogue(places)
    assert catalogue.problems == ()
    names = {entry.name for entry in catalogue.entries}
    assert names >= {"smollm2-135m", "qwen2.5-coder-0.5b", "nomic-embed-text", "coderankembed"}
    assert {entry.maker for entry in catalogue.entries} >= {"Qwen", "IBM", "Mistral AI", "Google"}
    for entry in catalogue.entries:
        assert entry.licence and entry.context and entry.parameters, entry.name
        assert entry.is_known or "first seen" in entry.note, entry.name
        for source in entry.sources:
            pinned = not isinstance(source, HubSource) or source.revision or entry.weights.sha256
            assert pinned or not entry.is_known, entry.name
    for entry in catalogue.entries:
        if "train" in entry.roles:
            assert is_trainable_gguf(entry.architecture), entry.name
    three = catalogue.get("QWEN2.5-coder-3b")
    assert "research" in three.note and three.licence == "Qwen Research"
    assert [source.kind for source in catalogue.get("smollm2-135m").sources] == [
        "hub", "ollama", "package"
    ]  # fmt: skip
    parts = catalogue.get("qwen2.5-coder-0.5b").sources[-1]
    assert isinstance(parts, PackageSource) and len(parts.parts) == 6
    with pytest.raises(ModelMissing, match="no model 'gpt-5'"):
        catalogue.get("gpt-5")


def test_a_users_entry_is_added_or_takes_the_place_of_one(places: Places) -> None:
    places.own_models.write_text(GOOD + GOOD.replace("mine", "gemma-3-1b"))
    catalogue = read_catalogue(places)
    assert catalogue.problems == ()
    assert catalogue.get("mine").own and catalogue.get("gemma-3-1b").own
    assert [e.name for e in catalogue.entries].count("gemma-3-1b") == 1


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (GOOD.replace('name = "mine"\n', ""), "line 2: an entry without a name .*name: it is miss"),
        (GOOD.replace('"mine"', '"files"'), "'files' cannot be used"),
        (GOOD.replace('"mine"', '"../up"'), "cannot be used"),
        (GOOD.replace('"chat"', '"dance"'), "roles: 'dance' is not one of chat"),
        (GOOD.replace("mine.gguf", "../../etc/x", 1), r"file\.name: .* cannot be used"),
        (GOOD.replace('"~/mine.gguf"', '"a", "b"'), r"source\.paths: it names 2 files"),
        (GOOD + "licens = 1\n", "licens: there is no such key"),
        (GOOD + "context = -1\n", "context: it is not a whole number"),
        (GOOD + GOOD, "line 8: .*stands twice"),
        (GOOD.replace("file = [", "file = [["), "models.toml: it is not TOML"),
        ("format = 2\n", "its format is not that of this version"),
        ("model = 5\n", "its format is not"),
        (GOOD.replace('kind = "file", paths = ["~/mine.gguf"]',
         'kind = "package", parts = [{ package = "--index-url==1", ending = ".x" }]'),
         r"source\.parts\.package: .* cannot be used"),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_bad_entry_is_named_and_left_out(places: Places, broken: str, told: str) -> None:
    places.own_models.write_text(broken)
    catalogue = read_catalogue(places)
    (problem,) = catalogue.problems
    assert re.search(told, str(problem)), str(problem)
    assert len(catalogue.entries) >= 11, "what ships is there all the same"


def test_needs_are_measured_where_they_could_be_and_else_computed(places: Places) -> None:
    catalogue = read_catalogue(places)
    starter, seven = (needs_of(catalogue.get(n)) for n in ("smollm2-135m", "qwen2.5-coder-7b"))
    assert starter.measured and not seven.measured
    # 30 layers, 2 x 192 numbers of 2 bytes each, 4,096 tokens, beside the weights and the process.
    assert starter.serve == 98_362_432 + 30 * 2 * 192 * 2 * 4096 + 200_000_000
    assert starter.train < 4_000_000_000 < seven.train
    assert needs_of(catalogue.get("ministral-3-3b")).train == 0, "it cannot be trained"
    free = 6_000_000_000
    assert (fits(seven, free, 0).serve, fits(seven, free, starter.train).serve_while_training) == (
        True, False,
    )  # fmt: skip
    assert fits(seven, 0, 0).serve is None, "unknown memory is not guessed"
