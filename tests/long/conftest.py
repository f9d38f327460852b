"""The last results of what takes minutes, dated; screens over SSH."""

import os
import platform
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.processes import until
from support.sshd import SCREEN, Sshd
from support.terminal import TESTS, Terminal

from gardener_core.garden.door import open_garden
from gardener_core.jobs.folder import is_alive
from gardener_core.system.places import Places

RESULTS = Path(__file__).parent / "results.md"
TITLE = "# Last results of `make test-long`\n"


@pytest.fixture(autouse=True)
def small_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test names no base, the seedling is grown: it learns fast."""
    monkeypatch.setenv("GARDENER_MODELS__BASE", "seedling")


@pytest.fixture
def keep() -> Callable[[str, list[str]], None]:
    """Puts a result into results.md, in the place of the last one of that name."""

    def put(name: str, lines: list[str]) -> None:
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        section = [f"## {name}", f"{time.strftime('%Y-%m-%d')}, {machine}", "", *lines]
        text = RESULTS.read_text() if RESULTS.exists() else TITLE
        kept = re.split(r"\n(?=## )", text.strip())
        others = [part for part in kept[1:] if not part.startswith(f"## {name}\n")]
        parts = sorted([*others, "\n".join(section)])
        RESULTS.write_text("\n\n".join([kept[0].strip(), *(p.strip() for p in parts)]) + "\n")

    return put


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    places = Places.of_user()
    yield places
    garden = open_garden(places)
    for run in garden.runs.all():
        garden.runs.stop(run.id)
    for run in garden.runs.all():
        until(lambda: not is_alive(places.run(run.id)), "the end of a run")  # noqa: B023


@pytest.fixture
def connect(tmp_path: Path, places: Places) -> Iterator[Callable[..., Terminal]]:
    server = Sshd(tmp_path / "sshd")
    variables = {
        "GARDENER_HOME": str(places.data.parent),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([str(TESTS), *(item for item in sys.path if item)]),
    }

    def screen(columns: int = 80, rows: int = 24) -> Terminal:
        return Terminal(server.client(SCREEN, variables), columns, rows)

    yield screen
    server.stop()
