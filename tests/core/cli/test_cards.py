"""The commands that show what an adapter is worth, and what the gate refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.measured import a_card, a_file, a_statement, tokens_measured

from gardener_core.cli.main import run
from gardener_core.evaluation.card.card import write_card
from gardener_core.evaluation.card.items import ITEMS, item_line
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import CONFIG, WEIGHTS
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.manifest import write_manifest
from gardener_core.system.places import Places

MEASURED = [
    *(a_file(f"src/{n}.py", base=100 + n, adapter=80 + 2 * n, control=97 + n) for n in range(9)),
    *(a_file(f"lib/{n}.py", 100, 101, measure="foreign") for n in range(8)),
    *(a_statement(f"src/{n}.py", n, adapter_right=n % 3 != 0) for n in range(16)),
    tokens_measured("src/shop.py", {"Store": 0.5, "shop": 3.0}),
]


class Face:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, status: int = 0) -> str:
        assert run(list(arguments)) == status
        out = self._capsys.readouterr()
        return out.out + out.err

    def json(self, *arguments: str, status: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", status=status).splitlines()[-1])


@pytest.fixture
def face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Face:
    """A garden with a project whose v2 is measured, and whose v1 is not."""
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    places = Places.of_user()
    database = Database(places.database)
    (tmp_path / "acme").mkdir()
    project = ProjectTable(database).insert("acme", tmp_path / "acme")
    table = AdapterTable(database)
    for version in ("v1", "v2"):
        folder = places.adapters(project.id) / version
        folder.mkdir(parents=True)
        (folder / CONFIG).write_text('{"peft_type": "LORA"}')
        (folder / WEIGHTS).write_bytes(b"w" * 64)
        write_manifest(folder)
        table.register(project.id, version, "coder", "", 64)
    (folder / ITEMS).write_bytes(b"".join(item_line(item) + b"\n" for item in MEASURED))
    write_card(folder, a_card(MEASURED))
    table.move(project.id, "v2", "passed")
    return Face(capsys)


def test_a_card_shows_the_gate_and_every_arm_and_its_items(face: Face) -> None:
    text = face("card", "acme", "v2")
    for words in ("It passed.", "gardener score acme v2 --minutes 5", "bits per byte (n = 10", "+"):
        assert words in text
    assert "value = compute(" in face("card", "acme", "v2", "--items", "statement", "--most", "3")
    card = face.json("card", "acme", "v2")["card"]
    assert card["gate"]["verdict"] == "pass" and card["n"] == len(MEASURED)
    assert card["arms"]["base"]["bits_per_byte"].keys() >= {"mean", "low", "high", "n"}
    lines = Path(card["items"]).read_text().splitlines()
    first = json.loads(lines[0])
    assert first["measure"] == "bits_per_byte" and first["base"]["bits"] == 100
    assert len(face.json("card", "acme", "v2", "--items", "foreign")["items"]) == 8


def test_one_that_was_not_measured_says_what_measures_it(face: Face) -> None:
    told = face("card", "acme", "v1", status=1)
    assert "v1 was not measured yet." in told and "gardener score acme" in told
    assert "v1" in face("learned", "acme", "v1", status=1)


def test_what_has_not_passed_answers_for_a_reason_only(face: Face) -> None:
    told = face("use", "acme", "v1", status=1)
    assert "has not passed the gate: not measured" in told and "gardener score acme" in told
    assert face.json("use", "acme", "v1", status=1)["error"]["code"] == "gate-closed"
    used = face.json("use", "acme", "v1", "--reason", "to see it")
    assert used["active"] == "v1" and used["caveat"] == "not measured; used because: to see it"
    (entry,) = [e for e in face.json("audit")["entries"] if e["action"] == "gate overridden"]
    assert entry["detail"] == "v1: to see it"
    assert face.json("use", "acme", "v2")["caveat"] == ""
    listed = {one["version"]: one for one in face.json("adapters", "acme")["adapters"]}
    assert listed["v2"]["active"] and listed["v2"]["gate"]["verdict"] == "pass"
    assert listed["v1"]["gate"] is None and listed["v1"]["state"] == "trained"


def test_two_adapters_are_put_beside_each_other(face: Face) -> None:
    both = face.json("compare", "acme", "v2", "v2")
    assert both["first"]["card"]["n"] == len(MEASURED) == both["second"]["card"]["n"]
    figures = {(one["measure"], one["arm"]): one for one in both["figures"]}
    bits = figures["bits_per_byte", "adapter"]
    assert bits["difference"]["mean"] == 0 and bits["words"] == "no difference is seen"
    assert both["samples"][0].keys() >= {"prompt", "expected", "first", "second"}
    text = face("compare", "acme", "v1", "v2")
    assert "v1 was not measured, so no figure is compared." in text and "sha256 of the rows" in text
    assert "neither an adapter nor a run 'v9'" in face("compare", "acme", "v1", "v9", status=1)


def test_a_blind_vote_hides_the_names_until_it_is_given(face: Face) -> None:
    drawn = face.json("vote", "acme", "v2")
    assert drawn["left"] == 10 and "left" not in drawn["pair"] and "truth" not in drawn["pair"]
    assert face.json("vote", "acme", "v2")["pair"] == drawn["pair"]  # it stays open
    text = face("vote", "acme", "v2")
    assert "what comes next?" in text and "v2" not in text
    right = drawn["pair"]["right_text"] == "wrong_name()"
    done = face.json("vote", "acme", "v2", "--choose", "left" if right else "right")["vote"]
    assert {done["pair"]["left"]["name"], done["pair"]["right"]["name"]} == {"v2", "base"}
    told = face("vote", "acme", "v2", "--pair", drawn["pair"]["id"], "--choose", "left", status=1)
    assert "has its vote already" in told
    (tally,) = face.json("card", "acme", "v2")["votes"]
    assert (tally["for_first"], tally["n"]) == (1, 1) and "no difference is seen" in tally["words"]
    assert "v2 preferred to base in 1 of 1 blind votes" in face("card", "acme", "v2")
    record = face("votes", "acme", "v2", "--records", "3")
    assert "── left, " in record and "v2 was preferred." in record
    assert face.json("votes", "acme", "v2")["votes"][0]["choice"] == done["choice"]


def test_what_was_learned_is_told_by_name_file_and_token(face: Face) -> None:
    text = face("learned", "acme", "v2")
    for words in ("src/shop.py", "Store", "import shop", "expected"):
        assert words in text
    found = face.json("learned", "acme", "v2")
    assert found["files"][0]["path"] == "src/shop.py" and found["names"][0]["name"] == "Store"
    shown = face("learned", "acme", "v2", "--file", "src/shop.py")
    assert "│ store = shop.Store(1)" in shown and "#####" in shown
    assert "was not measured" in face("learned", "acme", "v2", "--file", "none.py", status=1)


def test_a_damaged_card_is_told_and_does_not_hide_the_list(face: Face, tmp_path: Path) -> None:
    (card,) = (tmp_path / "home").glob("data/projects/*/adapters/v2/card.json")
    card.write_text("{")
    assert "cannot be read" in face("card", "acme", "v2", status=1)
    assert face.json("adapters", "acme")["adapters"][0]["gate"] is None
