"""A command of the user's own is started without a shell, and what is wrong with it is told."""

import sys
from pathlib import Path

from support.processes import until

from gardener_core.system.processes.user_command import start_user_command


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = f"import sys; open({str(told)!r}, 'w').write(sys.argv[1])"
    assert start_user_command(f'{sys.executable} -c "{script}"', "$(touch x); `id`") == ""
    until(told.exists, "the command was never started")
    until(told.read_text, "it never wrote")
    assert told.read_text() == "$(touch x); `id`"


def test_what_cannot_be_started_is_told() -> None:
    assert start_user_command("") == ""
    assert "cannot be read" in start_user_command("notify 'open")
    assert start_user_command("/nowhere/notify -x") == "'/nowhere/notify' cannot be started"
