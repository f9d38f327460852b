"""Unusable homes, harmful names and odd settings give clear errors at once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gardener_core.cli.main import run
from gardener_core.errors import BadInput
from gardener_core.settings.editing import set_value
from gardener_core.settings.reading import parse_value, read_settings
from gardener_core.settings.schema import RANGES
from gardener_core.system.editor import editor_command
from gardener_core.system.places import Places

CODE = "from gardener_core.cli.entry import main; main()"
SECONDS = 20


def gardener(*arguments: str | bytes, home: str | bytes, cwd: Path | None = None):
    environment = {**os.environb, b"GARDENER_HOME": os.fsencode(home)}
    return subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        env=environment, cwd=cwd, capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip


def a_file(folder: Path) -> str:
    (folder / "home").write_text("a file")
    return str(folder / "home")


def below_a_file(folder: Path) -> str:
    return f"{a_file(folder)}/below"


def a_loop(folder: Path) -> str:
    (folder / "loop").symlink_to(folder / "loop")
    return str(folder / "loop")


HOMES: dict[str, Callable[[Path], str | bytes]] = {
    "file": a_file,
    "below-a-file": below_a_file,
    "proc": lambda folder: "/proc/nothing/here",
    "proc-self": lambda folder: "/proc/self",
    "device": lambda folder: "/dev/null",
    "loop": a_loop,
    "too-long": lambda folder: str(folder / ("x" * 300)),
    "newline": lambda folder: f"{folder}/a\nb",
    "escape": lambda folder: f"{folder}/a\x1b[2J",
    "bytes": lambda folder: os.fsencode(folder) + b"/\xff\xfe",
    "nobody": lambda folder: "~nobody-of-this-name/x",
}


# A reading command in every such home, one that looks at more in some.
@pytest.mark.parametrize(
    ("command", "which"),
    [*(("projects", which) for which in HOMES), ("doctor", "file"), ("doctor", "bytes")],
)
def test_a_home_that_cannot_be_used_is_told_at_once(
    tmp_path: Path, command: str, which: str
) -> None:
    home = HOMES[which](tmp_path)
    done = gardener(command, home=home)
    said = done.stderr.decode("utf-8")
    assert done.returncode == 1 and said.startswith("gardener: "), said
    assert "Traceback" not in said and "\x1b" not in said and "GARDENER_HOME" in said
    assert "away" not in said
    assert gardener("--version", home=home).returncode == 0


def test_a_relative_home_is_one_place_for_every_process(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.py").write_text("def plum():\n    return 1\n")
    added = gardener("add", "web", "--no-index", home="garden", cwd=tmp_path)
    assert added.returncode == 0, added.stderr
    indexed = gardener("index", "web", home="garden", cwd=tmp_path)
    assert indexed.returncode == 0, indexed.stderr + indexed.stdout
    found = gardener("search", "web", "plum", home="garden", cwd=tmp_path)
    assert found.returncode == 0 and b"a.py:1" in found.stdout
    runs = gardener("runs", home="garden", cwd=tmp_path)
    assert b"index" in runs.stdout and b"finished" in runs.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["garden", "web"]
    assert not Path("/garden").exists()


def test_children_are_told_an_absolute_home(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"GARDENER_HOME": "here", "XDG_DATA_HOME": "data", "HOME": str(tmp_path)}
    places = Places.of_process(environment)
    assert environment["GARDENER_HOME"] == str(tmp_path / "here")
    assert environment["XDG_DATA_HOME"] == str(tmp_path / "data")
    assert places.data == tmp_path / "here" / "data"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    return Places.of_user()


@pytest.fixture
def nothing_waits() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("It waited for a file."))
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def said_by(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 1) -> str:
    assert run(list(arguments)) == status
    told = capsys.readouterr()
    return told.err + told.out


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "a\tb", "\u202eb", "a/b", "a\udcffb"])
def test_names_that_do_harm_are_refused(home: Places, tmp_path: Path, capsys, name: str) -> None:
    (tmp_path / "web").mkdir()
    assert "project's name" in said_by(capsys, "add", str(tmp_path / "web"), "--name", name) or (
        "is not UTF-8" in said_by(capsys, "add", str(tmp_path / "web"), "--name", name)
    )
    said_by(capsys, "add", str(tmp_path / "web"), "--no-index", status=0)
    for command in (("rename", "web", name), ("use", "web", name), ("search", name, "x")):
        said = said_by(capsys, *command)
        assert said.startswith("gardener: ") and "\x1b" not in said


def test_a_folder_whose_name_is_no_utf8_is_refused(home: Places, tmp_path: Path, capsys) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    os.mkdir(odd)
    assert "is not UTF-8" in said_by(capsys, "add", odd)
    os.symlink(odd, tmp_path / "link")
    assert "is not UTF-8" in said_by(capsys, "add", str(tmp_path / "link"), "--name", "web")


def test_a_name_that_is_an_id_or_could_be_one_is_refused(
    home: Places, tmp_path: Path, capsys
) -> None:
    for name in ("web", "shop"):
        (tmp_path / name).mkdir()
        said_by(capsys, "add", str(tmp_path / name), "--no-index", status=0)
    (project, _) = (path.name for path in home.projects.iterdir())
    for name in (project, "0123456789ab"):
        assert "looks like a project's id" in said_by(capsys, "rename", "shop", name)
        (tmp_path / name).mkdir()
        assert "looks like a project's id" in said_by(capsys, "add", str(tmp_path / name))


@pytest.mark.parametrize("key", sorted(RANGES))
def test_a_number_out_of_range_is_refused_where_it_is_set(home: Places, capsys, key: str) -> None:
    lowest, highest = RANGES[key]
    for wrong in (lowest - 1, highest + 1, 10**30):
        said = said_by(capsys, "config", "--", key, f"{wrong:.0f}")
        assert f"from {lowest:g} to {highest:g}" in said
    parse_value(key, f"{lowest:g}")
    home.config.mkdir(parents=True, exist_ok=True)
    section, name = key.split(".")
    home.settings.write_text(f"[{section}]\n{name} = {int(highest) + 1}\n")
    (problem,) = read_settings(home.settings, {}).problems
    assert problem.line == 2 and "from" in problem.what


def config(places: Places, make: Callable[[Path], None]) -> None:
    places.config.mkdir(parents=True, exist_ok=True)
    make(places.settings)


NO_FILES: dict[str, Callable[[Path], object]] = {
    "fifo": lambda path: os.mkfifo(path),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
    "loop": lambda path: path.symlink_to(path),
    "deep": lambda path: path.write_text("a = " + "[" * 100_000),
    "deep-tables": lambda path: path.write_text("[" + ".".join("a" * 5000) + "]\nx = 1\n"),
    "deep-inline": lambda path: path.write_text("a = " + "{b=" * 5000),
    "large": lambda path: path.write_text("# x\n" * 1_000_000),
    "bytes": lambda path: path.write_bytes(bytes(range(256))),
    "digits": lambda path: path.write_text("[search]\nresults = " + "9" * 9000),
}


@pytest.mark.parametrize("make", NO_FILES.values(), ids=NO_FILES)
def test_settings_that_cannot_be_read_are_told_and_hinder_nothing(
    home: Places, capsys, nothing_waits: None, make: Callable[[Path], object]
) -> None:
    config(home, make)
    said = said_by(capsys, "config", status=0)
    assert "The last good settings are in force" in said and "search.results" in said
    said = said_by(capsys, "config", "training.steps", "7")
    assert said.startswith("gardener: ") and "Correct" in said


def test_settings_that_are_nested_too_deeply_to_be_edited_are_told(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(BadInput, match="nested"):
        set_value(path, "training.steps", 7)


def test_a_link_to_a_file_of_ones_own_is_read_and_written_through(
    home: Places, tmp_path: Path, capsys
) -> None:
    own = tmp_path / "dotfiles.toml"
    own.write_text("# mine\n[training]\nsteps = 9\n")
    config(home, lambda path: path.symlink_to(own))
    assert "9" in said_by(capsys, "config", "training.steps", status=0)
    said_by(capsys, "config", "training.steps", "11", status=0)
    assert home.settings.is_symlink() and own.read_text() == "# mine\n[training]\nsteps = 11\n"


@pytest.mark.parametrize("editor", ["vim '", 'code "--wait', "vi \\"])
def test_an_editor_whose_quotes_are_open_is_told(tmp_path: Path, editor: str) -> None:
    with pytest.raises(BadInput, match="cannot be read") as refused:
        editor_command(tmp_path, 1, {"EDITOR": editor})
    assert "export EDITOR=" in refused.value.hint


@pytest.mark.parametrize("module", ["gardener_core.cli.entry", "gardener_tui.entry"])
def test_ctrl_c_at_any_moment_of_a_start_leaves_no_stack(tmp_path: Path, module: str) -> None:
    """The signal comes after so many imports; each is a moment of the start."""
    code = f"""
import os, signal, sys
from gardener_core.system import signals
count, moment = 0, int(sys.argv.pop())
def stop_after(event, arguments):
    global count
    if event == "import":
        count += 1
        if count == moment:
            os.kill(os.getpid(), signal.SIGINT)
signals.exit_on_interrupt()
sys.addaudithook(stop_after)
from {module} import main
sys.argv[1:] = ["--version"]
main()
"""
    stopped = 0
    for moment in (1, 5, 20, 60, 150, 300):
        done = subprocess.run(
            [sys.executable, "-c", code, str(moment)],
            env={**os.environ, "GARDENER_HOME": str(tmp_path)},
            capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 130), done.stderr
        assert b"Traceback" not in done.stderr and b"KeyboardInterrupt" not in done.stderr
        stopped += done.returncode == 130
    assert stopped >= 3, "the signal came during the start"
