"""The headless commands, as a person and as a program uses them."""

import json
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from support.indexed import IndexedGardens

from gardener_core.cli.command_table import COMMANDS, CommandGroup
from gardener_core.cli.main import run
from gardener_core.graph.ranks import RULES
from gardener_core.store.project.catalog import Catalog

CODE = {
    "session.py": "class Session:\n    def refresh_token(self):\n        return rotate(self)\n",
    "README.md": "# Web\n\nA small project.\n",
}


@dataclass
class Face:
    """Runs commands in this process."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, status: int = 0) -> str:
        assert run(list(arguments)) == status, self.capsys.readouterr()
        self.last = self.capsys.readouterr()
        return self.last.out

    def json(self, *arguments: str, status: int = 0) -> Any:
        lines = self(*arguments, "--json", status=status).splitlines()
        return json.loads(lines[-1])

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*arguments, "--json").splitlines()]


@pytest.fixture
def face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Face:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "web").mkdir()
    for name, text in CODE.items():
        (tmp_path / "web" / name).write_text(text)
    return Face(capsys)


@pytest.fixture
def web(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    indexed: IndexedGardens,
) -> Face:
    indexed.lay_out(tmp_path, CODE)
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Face(capsys)


def test_a_run_is_dropped_and_restored(web: Face) -> None:
    (run,) = web.json("runs", "web")["runs"]
    assert "gardener restore" in web("stop", run["id"], "--drop")
    assert web.json("runs", "web")["runs"] == []
    assert web.json("runs", "--trash")["trash"] == [run["id"]]
    assert run["id"] in web("runs", "--trash")
    assert web.json("restore", run["id"])["run"]["state"] == "finished"
    assert [item["id"] for item in web.json("runs")["runs"]] == [run["id"]]
    assert web("runs", "--trash") == "No run is in the trash.\n"


def test_add_registers_surveys_and_indexes_detached(face: Face) -> None:
    told = face.json("add", "web")
    project = told["project"]
    assert (project["name"], project["files"]) == ("web", 2)
    assert project["languages"] == ["markdown", "python"] or project["languages"] == [
        "python", "markdown",
    ]  # fmt: skip
    assert Path(project["path"]).is_absolute()
    face("follow", told["run"]["id"])
    (project,) = face.json("projects")["projects"]
    assert (project["state"], project["chunks"]) == ("ready", 3)


def test_add_without_index_is_new(face: Face) -> None:
    assert face.json("add", "web", "--no-index", "--name", "w")["project"]["state"] == "new"
    assert [run["kind"] for run in face.json("runs")["runs"]] == ["survey"]


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (("add", "nix"), "bad-input", "folder"),
        (("add", "web/README.md"), "bad-input", "folder"),
        (("add", "web", "--name", "../x"), "bad-input", "--name"),
        (("add", "web", "--name", "a\x1b[2J"), "bad-input", "--name"),
        (("search", "nix", "x"), "project-missing", "gardener projects"),
        (("follow", "nix"), "run-missing", "gardener runs"),
        (("config", "nix"), "bad-input", "gardener config"),
        (("config", "training.steps", "many"), "bad-input", ""),
    ],
)
def test_bad_input_says_what_and_what_to_try(
    face: Face, arguments: tuple[str, ...], code: str, hint: str
) -> None:
    error = face.json(*arguments, status=1)["error"]
    assert error["code"] == code and hint in error["hint"]
    face(*arguments, status=1)
    first, *rest = face.last.err.splitlines()
    assert first.startswith("gardener: ") and "\x1b" not in face.last.err
    assert not hint or rest[0].startswith("try: ")
    assert "Traceback" not in face.last.err and face.last.out == ""


def test_usage_errors_are_2(face: Face) -> None:
    face("search", status=2)
    face("nonsense", status=2)
    face("train", "x", "--steps", "many", status=2)


def test_index_tells_its_result_last(face: Face) -> None:
    face("add", "web", "--no-index")
    events = face.events("index", "web")
    done = next(event for event in events if event["event"] == "Indexed")
    assert (done["files"], done["changed"], done["removed"], done["chunks"]) == (2, 2, 0, 3)
    assert done["skipped"] == [] and done["seconds"] > 0
    told = [event["event"] for event in events]
    assert told.index("Indexed") < told.index("Linked") and told[-1] == "Finished"


def test_search(web: Face) -> None:
    told = web.json("search", "web", "refresh token", "-k", "1")
    (hit,) = told["hits"]
    expected = {
        "rank": 1, "path": "session.py", "start_line": 2, "end_line": 3,
        "symbol": "Session.refresh_token", "kind": "method", "language": "python",
    }  # fmt: skip
    assert expected.items() <= hit.items()
    assert hit["why"]["terms"] == ["refresh", "token"] and hit["score"] > 0
    shown = web("search", "web", "refresh token")
    assert "session.py:2  Session.refresh_token" in shown and "words 1. (refresh, token)" in shown


def test_search_within_a_scope(web: Face) -> None:
    for scope, roles in (("code", {"code"}), ("tests", set())):
        hits = web.json("search", "web", "refresh token", "--scope", scope)["hits"]
        assert {hit["role"] for hit in hits} == roles
    web("search", "web", "x", "--scope", "nix", status=2)
    assert "tests" in web.last.err


def test_search_opens_the_best_hit_in_the_editor(
    web: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "vim"
    editor.write_text('#!/bin/sh\necho "$@" > "$0.told"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    web("search", "web", "refresh token", "--open")
    told = (tmp_path / "vim.told").read_text().split()
    assert told == ["+2", str(tmp_path / "web" / "session.py")]
    monkeypatch.setenv("VISUAL", "no-such-editor")
    assert "EDITOR" in web.json("search", "web", "refresh", "--open", status=1)["error"]["hint"]


def test_map(web: Face, tmp_path: Path) -> None:
    (catalog,) = (tmp_path / "home" / "data" / "projects").glob("*/catalog.db")
    assert Catalog(catalog).maps.kept(RULES) is not None  # the index run made them
    told = web.json("map", "web")
    (file,) = told["files"]
    assert file["path"] == "session.py" and file["rank"] == pytest.approx(1.0)
    assert [(s["symbol"], s["line"], s["signature"]) for s in file["symbols"]] == [
        ("Session", 1, "class Session"), ("Session.refresh_token", 2, "def refresh_token(self)"),
    ]  # fmt: skip
    assert told["note"] == "" and 0 < told["tokens"] < 30
    shown = web("map", "web", "--for", "refresh")
    assert "session.py\n     1 class Session\n     2   def refresh_token(self)\n" in shown
    assert "2 symbols of 1 files" in shown
    assert web.json("map", "web", "--tokens", "0", status=1)["error"]["code"] == "bad-input"


def test_map_before_the_index_says_what_to_do(face: Face) -> None:
    face("add", "web", "--no-index")
    error = face.json("map", "web", status=1)["error"]
    assert (error["code"], error["hint"]) == ("index-missing", "Run: gardener index web")


def test_search_before_the_index_says_what_to_do(face: Face) -> None:
    face("add", "web", "--no-index")
    assert "gardener index web" in face.json("search", "web", "x")["note"]
    assert "gardener index web" in face("search", "web", "x")


def test_ask_composes_a_card_or_says_not_found(web: Face) -> None:
    retrieved, card, answered = web.events("ask", "web", "where is the token refreshed?")
    assert (retrieved["event"], card["event"]) == ("Retrieved", "Composed")
    assert card["kind"] == "where" and card["outcome"] == "answered"
    where = card["lines"][0]
    assert (where["label"], where["path"], where["n"]) == ("where", "session.py", 1)
    assert answered["found"] and answered["backend"] == "card"
    assert answered["citations"][0]["path"] == "session.py"
    shown = web("ask", "web", "where is the token refreshed?")
    assert "Where" in shown and "session.py:" in shown and "composed from the index" in shown
    missing = web.events("ask", "web", "kubernetes gateway?")[1:]
    assert missing[0]["outcome"] == "not_found" and missing[1]["found"] is False
    assert "kubernetes" in missing[0]["unknown"]


def test_remove_moves_to_the_trash_and_leaves_the_code(web: Face, tmp_path: Path) -> None:
    web("remove", "web")
    assert web.json("projects")["projects"] == []
    assert len(list((tmp_path / "home" / "data" / "trash").iterdir())) == 1
    assert (tmp_path / "web" / "session.py").exists()
    assert web.json("add", "web", "--no-index")["project"]["name"] == "web"


def test_removed_project_is_listed_and_comes_back(web: Face) -> None:
    assert web.json("remove", "web")["removed"]["name"] == "web"
    (removed,) = web.json("projects", "--trash")["trash"]
    assert removed["name"] == "web" and removed["until"] > 0
    assert web.json("search", "web", "x", status=1)["error"]["hint"] == "Run: gardener restore web"
    assert web.json("restore", removed["id"])["project"]["state"] == "ready"
    assert web.json("search", "web", "refresh token")["hits"]
    assert web.json("projects", "--trash")["trash"] == []
    assert web.json("restore", "web", status=1)["error"]["code"] == "project-missing"


def test_rename(web: Face) -> None:
    before = web.json("projects")["projects"][0]
    assert web.json("rename", "web", "shop")["project"] == {**before, "name": "shop"}
    assert web.json("search", "shop", "refresh token")["hits"]
    assert web.json("rename", "shop", "../x", status=1)["error"]["code"] == "bad-input"


def test_nested_project_is_told(web: Face, tmp_path: Path) -> None:
    (tmp_path / "web" / "sub").mkdir()
    assert "Project web lies above this folder" in web("add", "web/sub", "--no-index")


def test_repair_of_one_and_of_all(web: Face, tmp_path: Path) -> None:
    rows = web.json("repair", "web")["repaired"]
    assert {row["part"] for row in rows} >= {"code", "folder", "catalog", "index", "state"}
    assert all(row["done"] == "" and row["project"] == "web" for row in rows)
    (tmp_path / "home" / "data" / "runs" / "strange").mkdir()
    (told,) = (row for row in web.json("repair")["repaired"] if row["project"] == "")
    assert "strange" in told["part"] and "Moved it" in told["done"]


def test_audit_tells_what_was_done_and_whether_it_is_whole(web: Face, tmp_path: Path) -> None:
    web("rename", "web", "shop")
    told = web.json("audit")
    assert [entry["action"] for entry in told["entries"]] == ["project added", "project renamed"]
    assert told["intact"] is True and web.json("audit", "verify")["intact"] is True
    with sqlite3.connect(tmp_path / "home" / "data" / "garden.db") as connection:
        connection.execute("DROP TRIGGER audit_stays")
        connection.execute("UPDATE audit SET detail = 'web to other' WHERE number = 2")
    told = web.json("audit", "verify", status=1)
    assert (told["intact"], told["broken"]) == (False, 2)
    assert "Entry 2 is not as it was written" in web("audit", "verify", status=1)


def test_doctor_tells_what_is_found_and_needed(web: Face, tmp_path: Path) -> None:
    checks = {check["name"]: check for check in web.json("doctor")["checks"]}
    assert set(checks) == {
        "python", "terminal", "cores", "memory", "budget", "disk", "git", "permissions",
        "file system",
        "logging out", "settings", "database", "orphans",
        "trains by itself", "models", "ollama", "torch", "device",
    }  # fmt: skip
    assert all(
        check.keys() == {"name", "ok", "found", "needed", "hint"} for check in checks.values()
    )
    assert not checks["models"]["ok"] and "models pull smollm2-135m" in checks["models"]["hint"]
    assert checks["device"]["found"].startswith(("cpu", "cuda", "mps"))
    for name in ("python", "git", "permissions", "database", "orphans", "settings", "torch"):
        assert checks[name]["ok"] and checks[name]["found"], checks[name]


def test_doctor_finds_what_is_wrong(web: Face, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "data" / "garden.db").chmod(0o644)
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("[training]\nsteps = 'x'\n")
    checks = {check["name"]: check for check in web.json("doctor")["checks"]}
    assert "garden.db" in checks["permissions"]["found"]
    assert checks["permissions"]["hint"].startswith("Run: chmod -R go= ")
    assert "line 2" in checks["settings"]["found"] and not checks["settings"]["ok"]


def test_broken_settings_are_told_on_stderr_and_work_goes_on(web: Face, tmp_path: Path) -> None:
    web("config", "search.results", "1")
    web("search", "web", "refresh token")
    (tmp_path / "home" / "config" / "config.toml").write_text("[search]\nresults = = 2\n")
    assert len(web.json("search", "web", "refresh token")["hits"]) == 1
    assert "line 2" in web.last.err and "last good settings" in web.last.err


def test_config_tells_that_a_variable_decides(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GARDENER_TRAINING__STEPS", "11")
    told = face.json("config", "training.steps")
    assert (told["value"], told["source"]) == (11, "GARDENER_TRAINING__STEPS")


def test_config(face: Face) -> None:
    told = face.json("config", "training.steps", "7")
    assert (told["value"], told["key"]) == (7, "training.steps")
    assert told["source"].endswith("config.toml") and told["effect"]
    assert face.json("config", "training.steps")["value"] == 7
    assert any(item["key"] == "search.results" for item in face.json("config")["settings"])


def test_config_of_one_project(web: Face) -> None:
    told = web.json("config", "--project", "web", "search.results", "1")
    assert (told["value"], told["source"]) == (1, "this project")
    assert len(web.json("search", "web", "token")["hits"]) == 1
    assert web.json("config", "search.results")["value"] == 10
    assert web.json("config", "--project", "web", "search.results", "--unset")["value"] == 10
    assert web.json("config", "--project", "web", "screen.theme", status=1)["error"]["hint"]


def test_completion_without_a_model_says_so(web: Face) -> None:
    error = web.json("complete", "web", "def ", status=1)["error"]
    assert error["code"] == "model-missing"
    assert "gardener models pull smollm2-135m" in error["hint"]


@pytest.mark.long
def test_training_too_little_code_says_so(web: Face, tmp_path: Path) -> None:
    """The seedling is not grown for a project that cannot be learned from."""
    error = web.json("train", "web", "--base", "seedling", status=1)["error"]
    assert error["code"] == "nothing-to-learn"
    assert web.json("runs")["runs"][0]["state"] == "failed"


@pytest.mark.long
def test_training_says_first_what_it_will_do_and_what_was_measured(
    face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("STEPS", 4), ("ROWS_A_STEP", 1), ("SEQUENCE_TOKENS", 64)):
        monkeypatch.setenv(f"GARDENER_TRAINING__{name}", str(value))
    monkeypatch.setenv("GARDENER_GROWING__STEPS", "2")
    monkeypatch.setenv("GARDENER_MODELS__BASE", "seedling")
    for number in range(12):
        lines = (f"def part_{number}_{n}():\n    return {n}\n\n\n" for n in range(20))
        (tmp_path / "web" / f"part{number}.py").write_text("".join(lines))
    face("add", "web", "--no-index")
    first, *rest = face("train", "web").splitlines()
    assert "4 steps, 256 tokens on seedling, grown first in 2 steps" in first
    assert "not measured here yet" in first and any("Saved adapter v1" in line for line in rest)
    run, _ = face.json("runs", "web")["runs"]
    assert (run["kind"], run["subject"], run["state"]) == ("train", "v1", "finished")
    told = face("train", "web", "--detach").splitlines()[0]
    assert f"as in run {run['id']}" in told and "grown first" not in told
    assert "scoring before" in told and "training" in told
    newest = face.json("runs", "web")["runs"][0]
    face("follow", newest["id"])
    events = face.events("follow", newest["id"])
    assert [event["phase"] for event in events if event["event"] == "PhaseAdvanced"]
    (finished,) = [event for event in events if event["event"] == "Finished"]
    assert finished["seconds"] > 0 and finished["waited_seconds"] >= 0
    steps = [event for event in events if event["event"] == "StepDone"]
    assert all(event["tokens_a_second"] > 0 for event in steps)


def test_base_that_is_not_there_is_told_before_a_run_starts(web: Face) -> None:
    before = web.json("runs")["runs"]
    assert web.json("train", "web", "--base", "nix", status=1)["error"]["code"] == "model-missing"
    assert web.json("runs")["runs"] == before


def test_log_tells_what_was_done_and_holds_no_code(
    web: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web("ask", "web", "where is secret_algorithm?")
    web("complete", "web", "def secret_algorithm(", status=1)
    log = tmp_path / "home" / "data" / "gardener.log"
    text = log.read_text()
    assert "gardener ask done" in text and "gardener complete failed (model-missing)" in text
    assert "secret_algorithm" not in text and "refresh_token" not in text
    assert log.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("GARDENER_LOG__LEVEL", "debug")
    web("ask", "web", "where is secret_algorithm?")
    assert "where is secret_algorithm?" in log.read_text()


@pytest.mark.long
def test_bench_start_measures_real_starts_of_the_screen(face: Face) -> None:
    told = face.json("bench", "start", "-n", "2")
    results = {row["name"]: row for row in told["results"]}
    painted = results["cpu until the first screen is painted"]
    assert (painted["n"], painted["unit"]) == (2, "s")
    # They are measured in processes of their own, two each: near each other at least.
    assert 0 < results["cpu of the import"]["value"] < painted["value"] * 2
    assert 10 < results["memory at the first screen"]["value"] < 500
    assert told["machine"]["cores"] >= 1 and told["machine"]["python"]


def test_every_command_has_help_with_an_example(face: Face) -> None:
    for name, (module, sentence) in COMMANDS.items():
        command = CommandGroup().get_command(click.Context(click.Command("gardener")), name)
        assert command is not None and command.name == name, module
        assert f"Example: gardener {name}" in (command.epilog or ""), name
        assert command.get_short_help_str(200) == sentence, "the list says what the command says"


def test_pipe_gets_plain_text_and_leaves_early(web: Face) -> None:
    code = "from gardener_core.cli.main import main; main()"
    ours = subprocess.Popen(
        [sys.executable, "-c", code, "projects"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = ours.communicate()
    assert b"\x1b" not in out and b"web" in out and err == b""
    assert ours.returncode == 0


@pytest.mark.parametrize(
    "what", ["read", *(pytest.param(what, marks=pytest.mark.long) for what in ("index", "search"))]
)
def test_bench_of_a_project_measures_it(web: Face, what: str) -> None:
    told = web.json("bench", what, "web", "--made", "2000")
    assert len(told["results"]) > 5 and told["machine"]["cores"] >= 1
    assert all({"name", "value", "unit", "n"} <= result.keys() for result in told["results"])
    assert all(result["value"] >= 0 and result["n"] >= 1 for result in told["results"])


def test_bench_of_no_project_asks_for_one(face: Face) -> None:
    assert "gardener bench read NAME" in face.json("bench", "read", status=1)["error"]["hint"]


def test_left_out_files_are_listed_with_what_helps(web: Face, tmp_path: Path) -> None:
    (tmp_path / "web" / "made.py").write_text("# @generated\ndef zebra():\n    return 1\n")
    web("index", "web")
    (left,) = (row for row in web.json("index", "web", "--skipped")["skipped"] if row["by_rule"])
    assert left["path"] == "made.py" and "--anyway" in left["helps"]
    assert "made.py" in web("index", "web", "--skipped")
    web("index", "web", "--anyway", "made.py")
    assert not [row for row in web.json("index", "web", "--skipped")["skipped"] if row["by_rule"]]


@pytest.mark.long
def test_bench_retrieval_tells_arms_and_keeps_a_record(face: Face, tmp_path: Path) -> None:
    body = "    return " + " + ".join(["goods"] * 20)
    (tmp_path / "web" / "shop.py").write_text(
        f'def sell(goods):\n    """Give the wares to whoever pays."""\n{body}\n'
    )
    face("add", "web", "--no-index")
    face("index", "web")
    told = face.json("bench", "retrieval", "web")
    found = {row["name"]: row for row in told["results"]}
    assert found["docs, joined, MRR@10"]["n"] == 1 and "processor" in told["machine"]
    (record,) = (tmp_path / "home" / "data" / "projects").glob("*/retrieval/*.jsonl")
    assert str(record) in " ".join(told["notes"])
    shown = face("bench", "retrieval", "web", "--questions", "1")
    assert "RANKED BY" in shown and "grep-like" in shown and "too few" in shown
    assert told["weight"] is None


@pytest.mark.long
def test_bench_search_measures_the_project_and_a_made_table(face: Face) -> None:
    face("add", "web", "--no-index")
    face("index", "web")
    names = [
        row["name"] for row in face.json("bench", "search", "web", "--made", "1000")["results"]
    ]
    assert "search, 1,000 made chunks, no vector index, p50" in names
    assert "building FTS over 1,000" in names and names[-1] == "peak memory"


@pytest.mark.long
def test_bench_retrieval_sets_the_weight_only_when_asked(face: Face, tmp_path: Path) -> None:
    """The questions that choose a weight are at least forty."""
    for number in range(50):
        body = "    return " + " + ".join([f"goods{number}"] * 20)
        (tmp_path / "web" / f"shop{number}.py").write_text(
            f"def sell{number}(goods{number}):\n"
            f'    """Give ware number {number} to whoever pays."""\n{body}\n'
        )
    face("add", "web", "--no-index")
    face("index", "web")
    first = face.json("bench", "retrieval", "web")["weight"]
    assert first["embedder"] == "static-1" and not first["applied"] and first["before"] == 0.5
    second = face.json("bench", "retrieval", "web", "--apply")["weight"]
    assert second == {**first, "applied": True}
    third = face.json("bench", "retrieval", "web")["weight"]
    assert third["before"] == first["weight"]
