"""Reading commands and a searching engine load few modules."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ENTRY = "from gardener_core.cli.entry import main; main()"
# What each once cost: mail 20 ms, versions 40, colours of code 20, TOML with its comments 10.
NOT_FOR_READING = {
    "http.client", "email", "importlib.metadata", "pygments", "tomlkit", "asyncio", "textual",
}  # fmt: skip
NOT_FOR_SEARCHING = {"pandas", "gguf", "torch", "transformers", "peft"}
# What other commands need: each costs as much as opening the database.
OF_OTHERS = (
    "gardener_core.code", "gardener_core.engine", "gardener_core.graph", "gardener_core.upkeep",
    "gardener_core.search.table", "gardener_core.search.indexing", "gardener_core.jobs.outlook",
)  # fmt: skip
# The bound of each, and room for a machine that does other things meanwhile.
ROOM = 2.0
READING_SECONDS = 0.3 * ROOM
SEARCHING_SECONDS = 1.5 * ROOM


def loaded(code: str, home: Path) -> set[str]:
    """The modules that a process has at its end."""
    told = f"import atexit, sys; atexit.register(lambda: print('|', *sys.modules))\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", told, "projects"],
        env={**os.environ, "GARDENER_HOME": str(home)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.rpartition("|")[2].split())


def test_a_command_that_reads_loads_nothing_that_reading_does_not_need(tmp_path: Path) -> None:
    assert loaded(ENTRY, tmp_path) & NOT_FOR_READING == set()


def test_help_and_version_open_no_door(tmp_path: Path) -> None:
    code = ENTRY.replace("main()", "sys.argv[1] = '--help'; main()")
    assert "gardener_core.garden.door" not in loaded(code, tmp_path)


def test_a_command_that_reads_loads_none_of_our_own_work(tmp_path: Path) -> None:
    assert {name for name in loaded(ENTRY, tmp_path) if name.startswith(OF_OTHERS)} == set()


def test_a_engine_that_searches_loads_nothing_for_models(tmp_path: Path) -> None:
    assert loaded("import gardener_core.engine.main", tmp_path) & NOT_FOR_SEARCHING == set()


MEASURE = """
import ctypes, os, resource, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # what a child leaves behind becomes ours to wait for
least, quiet = 1e9, dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
for _ in range(2):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], **quiet)
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    least = min(least, spent)
print(least)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux hands orphans over.")
def test_reading_and_searching_cost_little_cpu(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.py").write_text("def plum():\n    return 1\n")
    environment = {**os.environ, "GARDENER_HOME": str(tmp_path / "home")}
    for command in (["add", str(tmp_path / "web"), "--no-index"], ["index", "web"]):
        subprocess.run([sys.executable, "-c", ENTRY, *command], env=environment, check=True)
    for command, most in (
        (["projects"], READING_SECONDS),
        (["--help"], READING_SECONDS),
        (["search", "web", "plum"], SEARCHING_SECONDS),
        (["ask", "web", "what is plum"], SEARCHING_SECONDS),
    ):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, ENTRY, *command],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert float(done.stdout) < most, (command, done.stdout)
