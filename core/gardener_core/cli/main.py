"""The `gardener` command."""

import sys
from contextlib import suppress
from importlib.metadata import version

import click

from gardener_core.cli.adapters import adapters, export, use
from gardener_core.cli.answers import ask, complete
from gardener_core.cli.bench import bench
from gardener_core.cli.care import audit, doctor, repair
from gardener_core.cli.config import config
from gardener_core.cli.demo import demo
from gardener_core.cli.index import index, search
from gardener_core.cli.map import map_
from gardener_core.cli.models import models
from gardener_core.cli.output import Output
from gardener_core.cli.projects import add, projects, remove, rename, restore
from gardener_core.cli.runs import checkpoint, follow, pause, resume, runs, stop, train
from gardener_core.cli.session import Session
from gardener_core.errors import GardenError
from gardener_core.places import Places

STOPPED_BY_USER = 130


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="The screen is gardener-tui. GARDENER_HOME=DIR keeps everything in DIR.",
)
@click.version_option(
    message="%(version)s", version=version("codebase-gardener"), prog_name="gardener"
)
def gardener() -> None:
    """Know your codebases: index, adapter and answers, all on this machine."""


for command in (
    add, projects, rename, remove, restore, repair, index, search, map_, ask, complete, train, runs,
    follow, pause, resume, stop, checkpoint, adapters, use, export, models, config, demo, doctor,
    audit, bench,
):  # fmt: skip
    gardener.add_command(command)


def main() -> None:
    """Run one command and leave with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    out = Output("--json" in arguments)
    session = Session(Places.of_user())
    try:
        answer = gardener.main(arguments, prog_name="gardener", standalone_mode=False, obj=session)
        session.note(arguments, "done")
        return answer if isinstance(answer, int) else 0
    except GardenError as problem:
        session.note(arguments, f"failed ({problem.code})", problem.what)
        out.error(problem)
        return 1
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (KeyboardInterrupt, click.Abort):
        print("gardener: stopped; runs that were started go on (gardener runs)", file=sys.stderr)
        return STOPPED_BY_USER
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        with suppress(OSError):
            sys.stdout = None
        return 0
    finally:
        session.close()
