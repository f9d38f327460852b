"""What every command gets: the garden, and where its words go."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from gardener_core.cli.command_table import open_garden
from gardener_core.cli.output import Output
from gardener_core.system.places import Places
from gardener_core.system.terminal_text import clean

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

ONLY_READING = "What only reads goes on."


class Session:
    """One command's garden, opened by the first that needs it."""

    def __init__(self) -> None:
        self._places: Places | None = None
        self._garden: Garden | None = None

    @property
    def places(self) -> Places:
        """Where everything is kept, for this process and those that it starts."""
        if self._places is None:
            self._places = Places.of_process()
        return self._places

    @property
    def garden(self) -> "Garden":
        """The core's front door."""
        if self._garden is None:
            self._garden = open_garden(self.places)
            warning = self._garden.settings.warning()
            if warning:
                print(f"gardener: {clean(warning)}", file=sys.stderr)
        return self._garden

    def say_obstacle(self) -> None:
        """Say, after a command that only read, why others would not work now."""
        obstacle = self._garden.obstacle if self._garden else None
        if obstacle:
            print(f"gardener: {clean(obstacle.what)} {ONLY_READING}", file=sys.stderr)

    def note(self, arguments: list[str], outcome: str, detail: str = "") -> None:
        """Write into the log which command ended how; what was typed is a detail."""
        if self._garden:
            typed = " ".join(arguments)
            self._garden.log.note(f"gardener {_command(arguments)} {outcome}", f"{typed} {detail}")

    def close(self) -> None:
        """Let what was started end."""
        if self._garden:
            self._garden.close()


def _command(arguments: list[str]) -> str:
    """The command's own word: what follows it may be anything."""
    return arguments[0] if arguments and arguments[0].isalpha() else ""


def _to_output(context: click.Context, parameter: click.Parameter, value: bool) -> Output:
    return Output(value)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json; the command gets an `Output` named `out`."""
    option = click.option(
        "--json",
        "out",
        is_flag=True,
        callback=_to_output,
        help="One JSON object, or JSON lines, on stdout.",
    )
    return option(command)
