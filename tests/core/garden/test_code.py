"""The neighbours of a piece of code are quoted from the files."""

from pathlib import Path

import pytest
from support.plot import Plot

from gardener_core.code.quotes import Located
from gardener_core.errors import BadInput
from gardener_core.events.parts import Citation, CodeSpan
from gardener_core.garden.code import Code
from gardener_core.graph.neighbours import Neighbours
from gardener_core.store.garden.projects import Project
from gardener_core.system.editor import editor_command
from gardener_core.system.places import Places

TEXTS = {
    "base.py": "class Base:\n    def save(self):\n        return write(self)\n\n"
    "def write(row):\n    return row\n",
    "user.py": "from base import Base\n\nclass Heir(Base):\n    def save(self):\n        return 1\n"
    "\n\n\ndef use(one: Heir):\n    one.save()\n    return one.save()\n\nuse(Heir())\n",
    "tests/test_user.py": "from user import Heir\n\ndef test_save():\n    Heir().save()\n",
}


@pytest.fixture
def code(tmp_path: Path) -> Code:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    plot = Plot(places.project("p"))
    plot.write(TEXTS)
    plot.link()
    for path, text in TEXTS.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return Code(places)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("p", "p", tmp_path, (), 3, 9, "ready", "", "", 1.0)


def around(code: Code, project: Project, path: str, symbol: str, line: int = 1) -> Neighbours:
    return code.neighbours(project, path, symbol, line)


def names(found: Neighbours, group: str) -> list[str]:
    return [row.span.symbol for row in getattr(found, group).rows]


def test_callers_callees_tests_bases_and_holders_of_a_method(code: Code, project: Project) -> None:
    found = around(code, project, "user.py", "Heir.save", 4)
    assert names(found, "holders") == ["Heir"] and found.holders.rows[0].sureness == "plain"
    assert names(found, "bases") == ["Base"]
    assert names(found, "callers") == ["use"] and found.callers.rows[0].uses == (10, 11)
    assert names(found, "tests") == ["test_save"]
    assert found.tests.rows[0].span.start_line == 3 and found.tests.rows[0].sureness == "sure"
    assert names(around(code, project, "base.py", "Base.save"), "callees") == ["write"]


def test_a_class_tells_what_it_holds_itself(code: Code, project: Project) -> None:
    found = around(code, project, "user.py", "Heir")
    assert names(found, "members") == ["Heir.save"]
    assert names(around(code, project, "user.py", "Heir.save"), "members") == []


def test_a_class_tells_what_is_built_on_it(code: Code, project: Project) -> None:
    found = around(code, project, "base.py", "Base")
    assert names(found, "subclasses") == ["Heir"] and found.holders.count == 0


def test_code_outside_of_symbols_has_its_lines(code: Code, project: Project) -> None:
    (caller,) = around(code, project, "user.py", "use", 9).callers.rows
    assert (caller.span.symbol, caller.span.kind, caller.uses) == ("", "module", (13,))
    assert caller.span.start_line <= 13 <= caller.span.end_line
    assert "use" in names(around(code, project, "user.py", "", 13), "callees")


def test_a_quote_holds_the_lines_without_secrets(
    code: Code, project: Project, tmp_path: Path
) -> None:
    assert code.quote(project, "user.py", 9, 10) == "def use(one: Heir):\n    one.save()"
    (tmp_path / "user.py").write_text('a = 1\npassword = "hunter2-Zq9xK4vB7"\nb = 2\n')
    assert code.quote(project, "user.py", 1, 3) == 'a = 1\npassword = "[secret]"\nb = 2'
    (tmp_path / ".env").write_text("A=1\n")
    for path in (".env", "gone.py"):
        with pytest.raises(BadInput, match=f"{path} is not shown"):
            code.quote(project, path, 1, 2)


def test_choices_stay_and_follow_lines_that_moved(code: Code, project: Project) -> None:
    code.pin(project, CodeSpan("user.py", "use", "function", "python", 90, 92))
    code.ban(project, CodeSpan("base.py", "write", "function", "python", 5, 6))
    chosen = code.choices(project)
    assert [(one.symbol, one.start_line, one.end_line) for one in chosen.pins] == [("use", 9, 11)]
    assert [one.symbol for one in chosen.bans] == ["write"]
    code.free(project, chosen.bans[0])
    assert code.choices(project).bans == ()


def test_editors_get_the_line_as_they_want_it(tmp_path: Path) -> None:
    for name in ("vim", "code", "own"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o700)
    file = tmp_path / "vim"

    def command(editor: str) -> list[str]:
        return list(editor_command(file, 7, {"EDITOR": editor}))

    assert command(f"{tmp_path}/vim -n") == [f"{tmp_path}/vim", "-n", "+7", str(file)]
    assert command(f"{tmp_path}/code")[1:] == ["--goto", f"{file}:7"]
    assert command(f"{tmp_path}/own")[1:] == [str(file)]
    for environment in ({}, {"EDITOR": "no-such-editor"}):
        with pytest.raises(BadInput, match="no editor"):
            editor_command(file, 7, environment)
    with pytest.raises(BadInput, match="not there any more"):
        editor_command(tmp_path / "gone.py", 7, {"EDITOR": f"{tmp_path}/vim"})


def test_quoted_places_are_found_again_moved_changed_or_gone(
    code: Code, project: Project, tmp_path: Path
) -> None:
    places = [
        Citation(1, "base.py", 2, 3, "Base.save"),
        Citation(2, "user.py", 9, 9, "use"),
        Citation(3, "no.py", 1, 1, ""),
    ]
    quotes = code.quotes(project, places)
    assert sorted(quotes) == [1, 2], "what cannot be read has no quote"
    assert quotes[1].text == "    def save(self):\n        return write(self)"
    assert code.locate(project, quotes[1]) == Located("same", 2, 3)
    (tmp_path / "base.py").write_text("# above\n\n" + TEXTS["base.py"])
    assert code.locate(project, quotes[1]) == Located("moved", 4, 5)
    (tmp_path / "base.py").write_text(TEXTS["base.py"].replace("write(self)", "store(self)"))
    assert code.locate(project, quotes[1]) == Located("changed", 2, 3)
    (tmp_path / "user.py").unlink()
    assert code.locate(project, quotes[2]) == Located("gone", 9, 9)
