"""Show a pair and a vote to a person."""

from typing import assert_never

from gardener_core.evaluation.votes.vote import Pair, Vote

LAST_LINES = 10  # of what stood before


def question_text(pair: Pair) -> str:
    """What was asked: a question, or the end of what stood before a gap."""
    if pair.kind == "question":
        return pair.question
    before = pair.question.rstrip().splitlines()[-LAST_LINES:]
    return "\n".join([f"{pair.place}: what comes next?", *(f"    {line}" for line in before)])


def pair_text(pair: Pair) -> str:
    """A pair without names."""
    parts = [question_text(pair), "", "── left", pair.left_text.strip("\n")]
    return "\n".join([*parts, "── right", pair.right_text.strip("\n"), ""])


def revealed(vote: Vote) -> str:
    """Whose the answers were."""
    pair = vote.pair
    return f"{_chosen(vote)} Left was {pair.left.name}, right was {pair.right.name}."


def vote_text(vote: Vote) -> str:
    """A vote with all that was shown, and what stands in the file."""
    pair = vote.pair
    parts = [question_text(pair), "", f"── left, {pair.left.name}", pair.left_text.strip("\n")]
    parts += [f"── right, {pair.right.name}", pair.right_text.strip("\n")]
    parts += ["── the file", pair.truth.strip("\n")] if pair.truth else []
    return "\n".join([*parts, "", _chosen(vote), ""])


def vote_title(vote: Vote) -> str:
    """A vote in a line."""
    name = vote.preferred.name if vote.preferred else vote.choice or "open"
    return f"{name:<8} {vote.pair.place or vote.pair.question}"


def _chosen(vote: Vote) -> str:
    match vote.choice:
        case "left" | "right":
            return f"{vote.preferred.name if vote.preferred else ''} was preferred."
        case "same":
            return "They were found the same."
        case "skip":
            return "It was skipped."
        case None:
            return "It is open."
        case _ as never:
            assert_never(never)
