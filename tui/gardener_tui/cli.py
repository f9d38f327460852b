"""The command gardener-tui."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TextIO

from gardener_core.cli.remedies import advice
from gardener_core.errors import GardenError
from gardener_core.garden.door import open_garden
from gardener_core.system.crash_reports import write_report
from gardener_core.system.files.faults import translate_os_error
from gardener_core.system.places import NAME, Places
from gardener_core.system.terminal_text import clean
from gardener_core.system.versions import installed_version
from gardener_tui.app import GardenerApp
from gardener_tui.garden import ScreenGarden
from gardener_tui.theming import depth_of_terminal
from gardener_tui.widgets.wording import counted

UNUSABLE = 2
THEMES = "themes"
WAY_OUT = "Everything works without a screen too: gardener --help"


def main(
    arguments: Sequence[str] | None = None, opener: Callable[[Places], ScreenGarden] = open_garden
) -> None:
    """Open the garden on this terminal."""
    _parser().parse_args(arguments)
    problem = terminal_problem(sys.stdin, sys.__stderr__, os.environ)
    if problem:
        _refuse(f"{problem} {WAY_OUT}")
    try:
        places = Places.of_process()
        garden = opener(places)
    except GardenError as fault:
        _refuse(_message(fault))
    except OSError as fault:
        _refuse(_message(translate_os_error(fault)))
    app = GardenerApp(garden, places.config / THEMES, depth_of_terminal())
    app.run(mouse=garden.settings.current().screen.mouse)
    if app.fault is not None:
        _print(f"A bug in this program ended the screen. {_report(app.fault, places)}")
    _farewell(garden)
    garden.close()
    sys.exit(app.return_code or 0)


def terminal_problem(
    keyboard: TextIO, screen: TextIO | None, environment: Mapping[str, str]
) -> str:
    """Why no screen can be drawn here, or ""; Textual draws on stderr."""
    if screen is None or not (keyboard.isatty() and screen.isatty()):
        return "gardener-tui needs a terminal."
    if environment.get("TERM", "") in ("", "dumb"):
        return "gardener-tui needs a terminal that can move its cursor (TERM is dumb or empty)."
    if (screen.encoding or "").lower().replace("-", "") != "utf8":
        return f"gardener-tui needs UTF-8, not {screen.encoding}; try LC_ALL=C.UTF-8."
    return ""


def _message(fault: GardenError) -> str:
    """What happened and what to type, for a shell."""
    return f"{fault.what}\n{advice(fault.hint, fault.remedy)}".rstrip()


def _report(fault: Exception, places: Places) -> str:
    if isinstance(fault, GardenError):
        return _message(fault)
    if isinstance(fault, OSError):
        return _message(translate_os_error(fault))
    try:
        return f"The report: {write_report(fault, places, 'gardener-tui')}"
    except OSError as problem:
        return f"The report could not be written: {problem.strerror}"


def _farewell(garden: ScreenGarden) -> None:
    try:
        live = sum(run.live for run in garden.runs.all())
    except GardenError:
        return
    if live:
        verb = "continues" if live == 1 else "continue"
        _print(
            f"{counted(live, 'run')} {verb}; gardener runs shows {'it' if live == 1 else 'them'}."
        )


def _print(sentence: str) -> None:
    with suppress(OSError):  # the terminal may be what has gone
        print(clean(sentence), flush=True)


def _refuse(sentence: str) -> None:
    print(clean(sentence), file=sys.stderr)
    sys.exit(UNUSABLE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gardener-tui",
        description="The screen of Codebase Gardener. Press ? in it for the keys.",
        epilog=WAY_OUT,
    )
    parser.add_argument(
        "--version", action="version", version=f"gardener-tui {installed_version(NAME)}"
    )
    return parser
