"""Keep the votes of a project."""

import dataclasses
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from gardener_core.errors import Damaged
from gardener_core.evaluation.votes.vote import Choice, Pair, Vote
from gardener_core.system.files.atomic import append_line, make_folder
from gardener_core.system.files.regular import open_regular, parse_object
from gardener_core.system.locks import locked
from gardener_core.system.records import rebuild

LONGEST_LINE = 400_000


class VoteLog:
    """A file of lines: a pair when it is drawn, the choice when it is made; nothing is changed.

    So the order that chance gave is kept before it is seen, and a kill loses no vote.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def votes(self) -> list[Vote]:
        """Every pair with its vote, in the order in which they were drawn."""
        votes: dict[str, Vote] = {}
        for fields in self._lines():
            try:
                if "pair" in fields:
                    pair: Pair = rebuild(Pair, fields["pair"])
                    votes.setdefault(pair.id, Vote(pair))
                elif (known := votes.get(fields["id"])) and known.choice is None:
                    choice = _choice(fields["choice"])
                    votes[known.pair.id] = Vote(known.pair, choice, float(fields["voted"]))
            except (ValueError, KeyError, TypeError, StopIteration):
                raise self._damaged() from None
        return list(votes.values())

    def draw(self, pair: Pair) -> None:
        """Keep a pair before it is shown."""
        self._add({"pair": dataclasses.asdict(pair)})

    def vote(self, pair: Pair, choice: Choice, at: float) -> None:
        """Keep a choice; of two for one pair the first counts."""
        self._add({"id": pair.id, "choice": choice, "voted": at})

    def _add(self, fields: dict[str, Any]) -> None:
        line = json.dumps(fields, ensure_ascii=False).encode()
        with locked(make_folder(self._path.parent)):
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
            descriptor = os.open(self._path, flags, 0o600)  # it holds code of the project
            try:
                _close_torn_line(descriptor)
                append_line(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """The whole lines; one that a kill cut short is left out."""
        try:
            with open_regular(self._path) as file:
                while line := file.readline(LONGEST_LINE):
                    try:
                        yield parse_object(line)
                    except ValueError:
                        continue
        except FileNotFoundError:
            return
        except OSError:
            raise self._damaged() from None

    def _damaged(self) -> Damaged:
        return Damaged(f"The votes in {self._path} cannot be read.", hint="Move that file away.")


def _choice(name: str) -> Choice:
    found: Choice = next(choice for choice in get_args(Choice) if choice == name)
    return found


def _close_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        os.write(descriptor, b"\n")
