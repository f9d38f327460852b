"""The `gardener` command."""

import sys
from contextlib import suppress

import click

from gardener_core.cli.command_table import CommandGroup
from gardener_core.cli.output import Output
from gardener_core.cli.session import Session
from gardener_core.errors import GardenError
from gardener_core.system.crash_reports import write_report
from gardener_core.system.files.faults import translate_os_error
from gardener_core.system.places import NAME, Places, require_utf8
from gardener_core.system.signals import STOPPED_BY_USER, exit_on_interrupt, raise_on_interrupt


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="The screen is gardener-tui. GARDENER_HOME=DIR keeps everything in DIR.",
)
@click.version_option(message="%(version)s", package_name=NAME, prog_name="gardener")
def gardener() -> None:
    """Know your codebases: index, adapter and answers, all on this machine."""


def main() -> None:
    """Run one command and leave with its status."""
    sys.excepthook = report_fault
    raise_on_interrupt()
    try:
        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = STOPPED_BY_USER
    exit_on_interrupt()  # the interpreter's own end may be stopped too
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    out = Output("--json" in arguments)
    session = Session()
    try:
        return _answer(arguments, out, session)
    except (KeyboardInterrupt, click.Abort):
        print("gardener: stopped; runs that were started go on (gardener runs)", file=sys.stderr)
        return STOPPED_BY_USER
    finally:
        session.close()


def _answer(arguments: list[str], out: Output, session: Session) -> int:
    try:
        for argument in arguments:
            require_utf8(argument)
        answer = gardener.main(arguments, prog_name="gardener", standalone_mode=False, obj=session)
        session.note(arguments, "done")
        session.say_obstacle()
        return answer if isinstance(answer, int) else 0
    except GardenError as problem:
        session.note(arguments, f"failed ({problem.code})", problem.what)
        out.error(problem)
        return 1
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        with suppress(OSError):
            sys.stdout = None
        return 0
    except OSError as problem:  # what no part of ours expected of a disk
        error = translate_os_error(problem)
        session.note(arguments, f"failed ({error.code})", error.what)
        out.error(error)
        return 1


def report_fault(kind: type[BaseException], fault: BaseException, trace: object) -> None:
    """Say that this program failed, and where its stack is kept: the process ends with it."""
    try:
        report = str(write_report(fault, Places.of_user(), "gardener"))
    except (GardenError, OSError) as problem:
        report = f"could not be kept ({problem})"
    what = f"A fault of this program ended the command: {kind.__name__}. The report: {report}"
    Output("--json" in sys.argv).error(GardenError(what, hint="gardener doctor"))
