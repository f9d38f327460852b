"""Commands that name, compare, archive, remove and roll back versions."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.measured import a_file
from support.versions import put_version

from gardener_core.cli.main import run
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places


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
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    places = Places.of_user()
    (tmp_path / "acme").mkdir()
    project = ProjectTable(Database(places.database)).insert("acme", tmp_path / "acme")
    for version, bits in (("v1", 90), ("v2", 81)):
        items = [a_file(f"{n}.py", 100, bits) for n in range(8)]
        put_version(places, project, version, state="passed", items=items)
    return Face(capsys)


def test_versions_are_used_and_rolled_back(face: Face) -> None:
    face("use", "acme", "v1")
    assert face.json("use", "acme", "v2")["active"] == "v2"
    told = face.json("rollback", "acme")
    assert (told["left"], told["active"], told["caveat"]) == ("v2", "v1", "")
    assert "the base alone again, and not with v1" in face("rollback", "acme")
    assert "Nothing answered for acme before" in face("rollback", "acme", status=1)


def test_a_version_is_found_by_its_name_and_shows_its_note(face: Face) -> None:
    assert face.json("adapters", "rename", "acme", "v2", "parser")["adapter"]["name"] == "parser"
    face("adapters", "note", "acme", "parser", "before the rewrite")
    assert face.json("use", "acme", "parser")["active"] == "v2"
    text = face("adapters", "acme")
    assert "v2 parser" in text and "v2: before the rewrite" in text
    (newest, _) = face.json("adapters", "acme")["adapters"]
    assert (newest["version"], newest["name"], newest["active"]) == ("v2", "parser", True)
    assert "has no name any more" in face("adapters", "rename", "acme", "v2")


def test_versions_are_compared_by_figures(face: Face) -> None:
    told = face.json("adapters", "compare", "acme", "v1", "v2")
    assert told["against"] == "v1"
    figures = told["adapters"][1]["figures"]
    assert figures["against"]["mean"] == pytest.approx(-0.1) and figures["against"]["files"] == 8
    text = face("adapters", "compare", "acme")
    for words in ("bits a byte, held out", "against v2", "gate: held out", "passed"):
        assert words in text
    assert "no adapter 'v9'" in face("adapters", "compare", "acme", "v9", status=1)


def test_versions_are_archived_removed_and_restored(face: Face) -> None:
    face("use", "acme", "v2")
    assert "v2 answers for acme" in face("adapters", "remove", "acme", "v2", status=1)
    assert face.json("adapters", "archive", "acme", "v1")["adapter"]["state"] == "archived"
    assert "is back: passed" in face("adapters", "unarchive", "acme", "v1")
    assert face.json("adapters", "remove", "acme", "v2", "--yes")["removed"] == "v2"
    assert [one["version"] for one in face.json("adapters", "acme", "--trash")["trash"]] == ["v2"]
    assert [one["version"] for one in face.json("adapters", "acme")["adapters"]] == ["v1"]
    assert "v2 is back: passed" in face("adapters", "restore", "acme", "v2")
    assert "No adapter is in the trash" in face("adapters", "acme", "--trash")
