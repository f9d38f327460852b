"""Open a file in the user's editor."""

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.system.processes.start import run_in_terminal

# Editors that take the line as an argument of its own.
_TAKES_PLUS = frozenset({"vi", "vim", "nvim", "nano", "emacs", "micro", "joe", "kak", "ne"})


def editor_command(
    path: Path, line: int, environment: Mapping[str, str] = os.environ
) -> Sequence[str]:
    """The command that opens a file at a line in $VISUAL or $EDITOR."""
    command_line = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        command = shlex.split(command_line)
    except ValueError as problem:
        raise BadInput(
            f"$EDITOR cannot be read: {command_line} ({problem}).",
            hint="Close its quotes, for example: export EDITOR='code --wait'",
        ) from None
    if not command or shutil.which(command[0]) is None:
        raise BadInput(
            "There is no editor to open.", hint="Set EDITOR, for example: export EDITOR=vim"
        )
    if not path.is_file():
        raise BadInput(f"{path} is not there any more.", hint="Bring the index up to date.")
    name = Path(command[0]).name
    if name in _TAKES_PLUS:
        return [*command, f"+{line}", str(path)]
    if name in ("code", "codium", "cursor"):
        return [*command, "--goto", f"{path}:{line}"]
    return [*command, str(path)]


def open_in_editor(path: Path, line: int) -> None:
    """Open the editor at a line and wait for it to end."""
    command = editor_command(path, line)
    try:
        run_in_terminal(command)
    except OSError as problem:
        raise BadInput(
            f"{command[0]} cannot be started: {problem.strerror}.",
            hint="Set EDITOR, for example: export EDITOR=vim",
        ) from None
