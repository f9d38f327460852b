"""Start a command of the user's own."""

import shlex
from contextlib import suppress

from gardener_core.system.processes.start import start_detached


def start_user_command(line: str, *arguments: str) -> str:
    """Start a command line with more arguments, without a shell; what is wrong with it, or "".

    Nobody waits for it: it is in a session of its own, and what it prints goes nowhere.
    """
    try:
        command = shlex.split(line)
    except ValueError as problem:
        return f"{line!r} cannot be read: {problem}"
    if not command:
        return ""
    with suppress(OSError):
        start_detached([*command, *arguments])
        return ""
    return f"{command[0]!r} cannot be started"
