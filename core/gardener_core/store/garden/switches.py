"""The reports of switches from project to project."""

import dataclasses
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gardener_core.errors import ProjectMissing
from gardener_core.events.switch import MemoryUse, SwitchStep
from gardener_core.store.database import Database
from gardener_core.system.records import rebuild

MOST_KEPT = 1000
# Of the projects that came after one; a visit counts half as much after so many others.
HALF_LIFE = 20
FEWEST_VISITS = 2

# "card": no base answers there; "waiting": the first question loads it; "without": the base answers
# without the adapter; "failed": the project before stayed.
Outcome = Literal["ready", "card", "waiting", "without", "failed"]


@dataclass(frozen=True, slots=True)
class SwitchReport:
    """One switch: its steps, the seconds to the new screen and until it could answer.

    `before` and `project` are ids, `guess` the one that was expected, empty where none was.
    `answers` says what was loaded, `problem` what went wrong.
    """

    project: str
    before: str
    shown_seconds: float
    ready_seconds: float
    outcome: Outcome
    steps: tuple[SwitchStep, ...]
    answers: str = ""
    problem: str = ""
    guess: str = ""
    memory: MemoryUse = field(default_factory=MemoryUse)
    started: float = field(default_factory=time.time)
    number: int = 0


@dataclass(frozen=True, slots=True)
class GuessShare:
    """How many switches went where they were expected to go, of those where a guess was made."""

    right: int
    made: int


class SwitchTable:
    """The table `switches`; the oldest of many go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, report: SwitchReport) -> None:
        """Keep a report."""
        details = dataclasses.asdict(report)
        with self._database.writing() as connection:
            done = connection.execute(
                "INSERT INTO switches (before, project, started, guess, report) "
                "SELECT ?, id, ?, ?, ? FROM projects WHERE id = ?",
                (
                    report.before,
                    report.started,
                    report.guess,
                    json.dumps(details),
                    report.project,
                ),
            )
            if not done.rowcount:
                raise ProjectMissing("That project no longer exists.", hint="")
            connection.execute(
                "DELETE FROM switches WHERE number <= (SELECT max(number) FROM switches) - ?",
                (MOST_KEPT,),
            )

    def latest(self, most: int) -> Sequence[SwitchReport]:
        """The latest reports, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT number, report FROM switches ORDER BY number DESC LIMIT ?", (most,)
            ).fetchall()
        return [report for row in rows if (report := _report(row["number"], row["report"]))]

    def followers(self, project: str) -> dict[str, float]:
        """The projects that came after this one, each by its visits; late ones count more."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT project FROM switches WHERE before = ? AND project IN "
                "(SELECT id FROM projects WHERE until IS NULL) ORDER BY number DESC",
                (project,),
            ).fetchall()
        weights: dict[str, float] = {}
        for age, row in enumerate(rows):
            weights[row["project"]] = weights.get(row["project"], 0.0) + 0.5 ** (age / HALF_LIFE)
        return weights if len(rows) >= FEWEST_VISITS else {}

    def share(self) -> GuessShare:
        """How often the guesses were right."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT count(*) AS made, coalesce(sum(guess = project), 0) AS right_ones "
                "FROM switches WHERE guess <> ''"
            ).fetchone()
        return GuessShare(row["right_ones"], row["made"])


def _report(number: int, text: str) -> SwitchReport | None:
    """A report as it was kept; None for one that a newer program wrote otherwise."""
    try:
        fields: dict[str, Any] = json.loads(text)
        report: SwitchReport = rebuild(SwitchReport, fields | {"number": number})
    except (ValueError, TypeError, RecursionError):
        return None
    return report
