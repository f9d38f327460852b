"""What was measured of each format is kept by the adapter's bytes."""

from dataclasses import replace
from pathlib import Path

from gardener_core.events.parts import Fidelity
from gardener_core.store.garden.versions.measured import (
    keep_measured,
    read_measured,
    weights_digest,
)
from gardener_core.system.places import Places, measured_formats

FIRST = Fidelity(20, 0.1, 0.2, 1.0, 3, 0, format="q8_0", bits_exported=0.8, problems=("bits",))


def test_each_format_keeps_its_last_measurement(tmp_path: Path) -> None:
    places = Places(config=tmp_path, data=tmp_path)
    assert read_measured(places, "aa") == {}
    keep_measured(places, "aa", FIRST)
    keep_measured(places, "aa", replace(FIRST, format="q4_0"))
    keep_measured(places, "aa", replace(FIRST, bits_exported=0.7, problems=()))
    kept = read_measured(places, "aa")
    assert set(kept) == {"q8_0", "q4_0"} and kept["q4_0"].problems == ("bits",)
    assert kept["q8_0"] == replace(FIRST, bits_exported=0.7, problems=())
    assert read_measured(places, "bb") == {}


def test_an_adapter_of_an_older_garden_keeps_nothing(tmp_path: Path) -> None:
    places = Places(config=tmp_path, data=tmp_path)
    assert weights_digest(tmp_path) == ""
    keep_measured(places, "", FIRST)
    assert read_measured(places, "") == {} and not list(tmp_path.iterdir())


def test_what_is_damaged_was_not_measured(tmp_path: Path) -> None:
    places = Places(config=tmp_path, data=tmp_path)
    keep_measured(places, "aa", FIRST)
    for torn in ("torn {", "[1]", '{"q8_0": 5}', '{"q8_0": {"positions": "x"}}'):
        measured_formats(places, "aa").write_text(torn)
        assert read_measured(places, "aa") == {}
        keep_measured(places, "aa", FIRST)
        assert read_measured(places, "aa") == {"q8_0": FIRST}
