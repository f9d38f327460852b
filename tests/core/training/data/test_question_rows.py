"""Answers quote what people wrote: docs, commits and tests, each with its line."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.forms import form_of, formed_base

from gardener_core.code.chunks import parse_and_cut
from gardener_core.code.files.listing import SourceText
from gardener_core.events.answer import CardLine, Composed
from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan, Why
from gardener_core.models.chat_template import ChatTurn
from gardener_core.training.data.cleaning import CleanFile
from gardener_core.training.data.kept.report import Tally
from gardener_core.training.data.kept.row import DataRow
from gardener_core.training.data.makers.question_rows import QuestionRows, Shown

TEXT = 'def water(bed):\n    """Water a bed until it is wet."""\n    bed.pour()\n    return bed\n'
DOES = CardLine("does", "Water a bed until it is wet.", 1, "garden.py", 1, 4, "water")
CHANGED = CardLine("changed", "2024-05-01 abc1234 Stop before the bed floods (style)", 2,
                   "garden.py", 1, 4, "water")  # fmt: skip
TESTED = CardLine("tested_in", "test_wet", 3, "tests/test_garden.py", 5, 9, "test_wet")
OTHER = Hit(1, "pond.py", 2, 6, "fill", "function", "python", 1.0, Why(0, 0.0, (), 0, 0.0),
            "def fill(pond):\n    pond.level += 1\n")  # fmt: skip
SUBJECT = CodeSpan("garden.py", "water", "function", "python", 1, 4)


class Shelf:
    """The same card for every question."""

    def __init__(self, card: Composed) -> None:
        self.card = card

    def shown(self, question: str) -> Shown:
        return Shown(self.card, (OTHER,))

    def turns(
        self, question: str, shown: Shown, count: Callable[[str], int], most: int
    ) -> tuple[ChatTurn, ...]:
        lines = "\n".join(f"[{line.n}] {line.text}" for line in shown.card.lines)
        return (ChatTurn("user", f"{lines}\n{question}"),)


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., tuple[list[DataRow], Tally]]:
    form = form_of(formed_base(tmp_path / "base"))

    def rows(card: Composed, path: str = "garden.py") -> tuple[list[DataRow], Tally]:
        parsed = parse_and_cut(SourceText(path, TEXT.encode(), "utf-8"))
        file = CleanFile(path, TEXT, "python", ((0, len(TEXT)),), (0,), parsed.parsed.definitions)
        tally = Tally("augment", "rows")
        docs = {("tests/test_garden.py", "test_wet"): "A bed that was watered is wet."}
        found = []
        for seed in range(40):  # every kind is drawn
            draw = random.Random(seed)
            maker = QuestionRows(
                Shelf(card), form, 900, "head", tally, draw, docs, frozenset({"abc1234"})
            )
            found += maker.of_file(file)
        return found, tally

    return rows


def card(*lines: CardLine) -> Composed:
    return Composed(lines, "does", "answered", 0.0, SUBJECT)


def answers(rows: list[DataRow], generator: str) -> set[str]:
    return {row.turns[-1][1] for row in rows if row.generator == generator}


def test_each_answer_is_somebodys_words_and_names_the_line(made) -> None:
    rows, tally = made(card(DOES, CHANGED, TESTED))
    assert answers(rows, "doc") == {"Water a bed until it is wet. [1]"}
    assert answers(rows, "commit") == {"Stop before the bed floods. [2]"}
    assert answers(rows, "test") == {"A bed that was watered is wet. [3]"}
    assert {row.origin.commit for row in rows if row.generator == "commit"} == {"abc1234"}
    assert tally.left == len(rows) and tally.came == tally.left


def test_a_large_commit_or_a_chore_says_nothing_about_a_symbol(made) -> None:
    other = replace(CHANGED, text="2024-05-01 def5678 Format everything anew")
    rows, tally = made(card(DOES, other))
    assert not answers(rows, "commit") and tally.reasons["no commit that says why"]


def test_where_the_right_piece_is_absent_the_answer_says_so(made) -> None:
    absent = [row for row in made(card(DOES, CHANGED))[0] if row.generator == "absent"]
    assert 3 <= len(absent) <= 14
    for row in absent:
        asked, answer = row.turns[0][1], row.turns[-1][1]
        assert "[1] fill" in asked and "wet" not in asked and "[" not in answer
        assert "water" in asked, "the question itself"


@pytest.mark.parametrize(
    "wrong",
    [
        card(CHANGED),
        card(replace(DOES, text="Water a bed.")),
        card(replace(DOES, n=0)),
        replace(card(DOES), subject=replace(SUBJECT, symbol="dry")),
        replace(card(DOES), outcome="not_found"),
    ],
)
def test_what_the_card_does_not_quote_is_not_asked(wrong: Composed, made) -> None:
    rows, tally = made(wrong)
    assert not answers(rows, "doc") and not answers(rows, "absent")
    assert tally.came - tally.left == sum(tally.reasons.values()) > 0


def test_nobody_asks_what_a_test_does(made) -> None:
    assert made(card(DOES), "tests/test_garden.py")[0] == []
