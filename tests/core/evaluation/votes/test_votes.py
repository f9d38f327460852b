"""Blind votes: drawn by chance, kept at once, counted with an interval."""

import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support.measured import a_file, a_statement

from gardener_core.evaluation.votes.drawing import candidates, draw, place_of
from gardener_core.evaluation.votes.log import VoteLog
from gardener_core.evaluation.votes.tally import tallies_of, tally_of, tally_words
from gardener_core.evaluation.votes.vote import Answerer, Choice, Pair, Vote
from gardener_core.evaluation.votes.words import pair_text, revealed, vote_text

V2, BASE, OTHER = Answerer("v2", "aa"), Answerer("base", "bb"), Answerer("v1", "cc")
ITEMS = [a_statement(f"src/{n}.py", n, adapter_right=n % 2 == 0) for n in range(20)]


def a_pair(number: int, left: Answerer = V2, right: Answerer = BASE) -> Pair:
    return Pair(
        f"p{number}", 1.0, "statement", "def before():\n    pass", left, right, "one()", "two()",
        f"src/{number}.py:{number}", truth="one()",
    )  # fmt: skip


def votes(**counts: int) -> list[Vote]:
    """So many votes of each choice; v2 stands on the left."""
    every = [choice for choice, count in counts.items() for _ in range(count)]
    return [Vote(a_pair(n), choice, 2.0) for n, choice in enumerate(every)]  # type: ignore[arg-type]


def test_only_what_differs_is_asked_with_context_where_both_had_it() -> None:
    found = candidates(ITEMS, ITEMS, ("adapter", "base"))
    assert {item.line for item in found} == {n + 2 for n in range(0, 20, 2)}  # else both are wrong
    without = [
        replace(item, arms={name: one for name, one in item.arms.items() if "context" not in name})
        for item in ITEMS
    ]
    assert len(candidates(without, without, ("adapter", "base"))) == 10
    assert (
        candidates([a_file("src/a.py", 9, 8)], [a_file("src/a.py", 9, 8)], ("adapter", "base"))
        == []
    )


def test_chance_decides_the_side_and_every_place_comes_once() -> None:
    items = candidates(ITEMS, ITEMS, ("adapter", "base"))
    chance, seen, sides = random.Random(3), set(), []
    while (pair := draw(items, V2, BASE, seen, chance)) is not None:
        seen.add((pair.kind, pair.place))
        sides.append(pair.left.name)
        of_v2 = pair.left_text if pair.left == V2 else pair.right_text
        assert of_v2 == pair.truth  # what v2 wrote stays with v2
    assert seen == {place_of(item) for item in items}
    assert 0 < sides.count("v2") < len(sides)


def test_a_pair_is_shown_without_names_and_a_vote_with_them() -> None:
    text = pair_text(a_pair(1))
    assert "one()" in text and "two()" in text and "v2" not in text and "base" not in text
    vote = Vote(a_pair(1), "left", 2.0)
    assert revealed(vote) == "v2 was preferred. Left was v2, right was base."
    assert "── the file\none()" in vote_text(vote)


def test_the_order_is_kept_before_the_vote_and_the_first_vote_counts(tmp_path: Path) -> None:
    log = VoteLog(tmp_path / "project" / "votes.jsonl")
    log.draw(a_pair(1, BASE, V2))
    assert VoteLog(tmp_path / "project" / "votes.jsonl").votes() == [Vote(a_pair(1, BASE, V2))]
    log.vote(a_pair(1), "right", 5.0)
    log.vote(a_pair(1), "left", 6.0)
    (kept,) = log.votes()
    assert kept.choice == "right" and kept.preferred == V2 and kept.voted == 5.0
    assert (tmp_path / "project" / "votes.jsonl").stat().st_mode & 0o077 == 0


def test_a_line_that_a_kill_cut_short_costs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "votes.jsonl"
    log = VoteLog(path)
    log.draw(a_pair(1))
    with path.open("ab") as file:
        file.write(b'{"id": "p1", "cho')
    log.vote(a_pair(1), "same", 5.0)
    log.draw(a_pair(2))
    assert [vote.choice for vote in log.votes()] == ["same", None]


WRITER = """
import sys
from pathlib import Path
from gardener_core.evaluation.votes.log import VoteLog
from gardener_core.evaluation.votes.vote import Answerer, Pair
log, number = VoteLog(Path(sys.argv[1])), 0
while True:
    number += 1
    one, other = Answerer("v1", "a"), Answerer("v2", "b")
    pair = Pair(str(number), 1.0, "question", "why?", one, other, "x", "y")
    log.draw(pair)
    log.vote(pair, "left", 2.0)
    print(number, flush=True)
"""


def test_what_was_voted_is_there_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "votes.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
    done = [vote for vote in VoteLog(path).votes() if vote.choice == "left"]
    assert len(done) >= told[-1] == 20


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"left": 9, "right": 8, "same": 3, "skip": 1}, "9 of 17 blind votes (53%, 31% to 74%)"),
        ({"left": 9, "right": 8, "same": 3, "skip": 1}, "3 the same, 1 skipped: no difference"),
        ({"left": 18, "right": 4}, "v2 is preferred"),
        ({"left": 2, "right": 14}, "base is preferred"),
        ({"same": 4}, "no vote yet for either; 4 the same"),
    ],
)
def test_a_tally_says_whether_the_difference_is_one(counts: dict[str, int], words: str) -> None:
    assert words in tally_words(tally_of(votes(**counts), V2, BASE))


def test_open_pairs_and_other_weights_are_not_counted() -> None:
    given: list[tuple[Pair, Choice | None]] = [
        (a_pair(1), "left"), (a_pair(2), None), (a_pair(3, OTHER, V2), "left"),
        (a_pair(4, Answerer("v2", "older")), "left"),
    ]  # fmt: skip
    found = tallies_of([Vote(pair, choice) for pair, choice in given], V2)
    assert {(one.second.name, one.for_first, one.for_second) for one in found} == {
        ("base", 1, 0), ("v1", 0, 1)
    }  # fmt: skip
