"""Commands about blind votes."""

import dataclasses
from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.evaluation.votes.tally import VoteTally, tally_words
from gardener_core.evaluation.votes.vote import Choice, Pair, Vote
from gardener_core.evaluation.votes.words import pair_text, revealed, vote_text

CHOICES: tuple[Choice, ...] = ("left", "right", "same", "skip")
_KEYS: dict[str, Choice] = {"l": "left", "r": "right", "s": "same", " ": "skip"}
KEYS = "l left, r right, s the same, space skips, q ends"


@click.command(epilog="Example: gardener vote acme-web v2")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", required=False)
@click.option("--against", help="Another adapter; else the base.")
@click.option("--choose", type=click.Choice(CHOICES), help="Vote on the open pair, and end.")
@click.option("--pair", "pair_id", help="The id of the pair that is voted on; else the open one.")
@json_option
@click.pass_obj
def vote(
    session: Session,
    name: str,
    version: str | None,
    against: str | None,
    choose: Choice | None,
    pair_id: str | None,
    out: Output,
) -> None:
    """Say which of two answers is better, without knowing whose they are.

    Shown is what an adapter and its base, or two adapters, wrote in the place of the same held-out
    code when they were measured. On a terminal one key decides, and the next pair comes.
    """
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.adapters.chosen(project, version)
    other = garden.adapters.chosen(project, against) if against else None
    pair = None if pair_id else garden.votes.next(project, adapter, other)
    if choose is not None:
        chosen = pair_id or (pair.id if pair else "")
        if not chosen:
            raise BadInput("No pair is left to vote on.", hint="Measure it for longer.")
        _say_vote(garden.votes.vote(project, chosen, choose), out)
        return
    if out.as_json:
        left = garden.votes.left(project, adapter, other)
        out.fields({"pair": _blind(pair) if pair else None, "left": left})
        return
    while pair is not None:
        out.say(pair_text(pair))
        if not out.on_terminal:
            out.say(f"Vote by --choose {'|'.join(CHOICES)}.")
            return
        choice = _asked(out)
        if choice is None:
            break
        _say_vote(garden.votes.vote(project, pair.id, choice), out)
        pair = garden.votes.next(project, adapter, other)
    if pair is None:
        out.say("No pair is left to vote on.")
    out.say(tally_words(garden.votes.tally(project, adapter, other)))


@click.command(epilog="Example: gardener votes acme-web --records 5")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", required=False)
@click.option("--records", type=int, default=0, help="Show so many votes with both answers.")
@json_option
@click.pass_obj
def votes(session: Session, name: str, version: str | None, records: int, out: Output) -> None:
    """Show the tally of blind votes, and each vote with what was shown."""
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.adapters.chosen(project, version)
    tallies = garden.votes.tallies(project, adapter)
    given = [one for one in garden.votes.all(project) if one.choice is not None]
    if out.as_json:
        out.fields({"tallies": [tally_fields(one) for one in tallies], "votes": given})
        return
    for tally in tallies:
        out.say(tally_words(tally))
    if not tallies:
        out.say(f"There is no vote about {adapter.version} yet.")
    for one in reversed(given[-records:] if records else []):
        out.say(vote_text(one))


def tally_fields(tally: VoteTally) -> dict[str, Any]:
    """A tally as JSON."""
    return {**dataclasses.asdict(tally), "n": tally.n, "words": tally_words(tally)}


def _blind(pair: Pair) -> dict[str, Any]:
    """A pair without names, and without what the file has."""
    shown = ("id", "kind", "question", "suffix", "left_text", "right_text", "place")
    return {name: value for name, value in dataclasses.asdict(pair).items() if name in shown}


def _asked(out: Output) -> Choice | None:
    out.say(KEYS)
    while True:
        key = click.getchar().lower()
        if key in ("q", "\x1b", "\x03", "\x04"):
            return None
        if key in _KEYS:
            return _KEYS[key]


def _say_vote(done: Vote, out: Output) -> None:
    if out.as_json:
        out.fields({"vote": done})
    else:
        out.say(f"{revealed(done)}\n")
