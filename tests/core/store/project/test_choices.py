"""Pins and bans are kept and follow their symbols."""

from pathlib import Path
from threading import Thread

import pytest

from gardener_core.errors import Damaged
from gardener_core.events.parts import CodeSpan
from gardener_core.store.project.choices import ChoiceFile, Choices

PAUSE = CodeSpan("runs.py", "Runs.pause", "method", "python", 10, 14)
TOP = CodeSpan("runs.py", "", "module", "python", 1, 8)


def code(path: str, symbol: str, start: int, end: int) -> CodeSpan:
    return CodeSpan(path, symbol, "method", "python", start, end)


def test_a_pin_is_kept_and_a_ban_of_the_same_code_takes_its_place(tmp_path: Path) -> None:
    file = ChoiceFile(tmp_path / "p" / "choices.json")
    assert file.read() == Choices()
    file.change(lambda now: now.pinned(PAUSE))
    file.change(lambda now: now.pinned(TOP))
    assert ChoiceFile(tmp_path / "p" / "choices.json").read() == Choices((PAUSE, TOP))
    moved = CodeSpan("runs.py", "Runs.pause", "method", "python", 30, 34)
    assert file.change(lambda now: now.banned(moved)) == Choices((TOP,), (moved,))
    assert file.change(lambda now: now.without(PAUSE)) == Choices((TOP,))


def test_a_symbol_is_known_by_its_name_and_other_code_by_its_lines() -> None:
    assert PAUSE.same(code("runs.py", "Runs.pause", 400, 410))
    assert not PAUSE.same(code("runs.py", "Runs.stop", 10, 14))
    assert not PAUSE.same(code("other.py", "Runs.pause", 10, 14))
    assert TOP.same(code("runs.py", "", 8, 20)) and not TOP.same(code("runs.py", "", 9, 20))


def test_changes_of_two_screens_are_both_kept(tmp_path: Path) -> None:
    def pin(name: str) -> None:
        one = CodeSpan("a.py", name, "function", "python", 1, 2)
        ChoiceFile(tmp_path / "choices.json").change(lambda now: now.pinned(one))

    threads = [Thread(target=pin, args=(f"f{n}",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = ChoiceFile(tmp_path / "choices.json").read().pins
    assert {one.symbol for one in kept} == {f"f{n}" for n in range(12)}


@pytest.mark.parametrize("content", ["", "[]", '{"pins": [{}], "bans": []}', '{"pins": 3}'])
def test_a_damaged_file_is_told_and_not_written_over(tmp_path: Path, content: str) -> None:
    path = tmp_path / "choices.json"
    path.write_text(content)
    with pytest.raises(Damaged, match="cannot be read"):
        ChoiceFile(path).change(lambda now: now.pinned(PAUSE))
    assert path.read_text() == content
