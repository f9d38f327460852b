"""What every command gets: the garden and its places."""

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

ONLY_READING = "Commands that only read work."


class Session:
    """The garden of one command, opened when it is first needed."""

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
        """The garden, opened by the first use."""
        if self._garden is None:
            self._garden = open_garden(self.places)
            warning = self._garden.settings.warning()
            if warning:
                print(f"gardener: {clean(warning)}", file=sys.stderr)
        return self._garden

    def say_obstacle(self) -> None:
        """After a command that only read, say why others would fail now."""
        obstacle = self._garden.obstacle if self._garden else None
        if obstacle:
            print(f"gardener: {clean(obstacle.what)} {ONLY_READING}", file=sys.stderr)

    def note(self, arguments: list[str], outcome: str, detail: str = "") -> None:
        """Log how a command ended; what was typed is a detail."""
        if self._garden:
            typed = " ".join(arguments)
            self._garden.log.note(f"gardener {_command(arguments)} {outcome}", f"{typed} {detail}")

    def close(self) -> None:
        """End what was started."""
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
