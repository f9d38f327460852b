"""The command that shows what an adapter learns from."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import click
from rich.text import Text

from gardener_core.cli.output import Output
from gardener_core.cli.run_events import events_of, raise_if_bad
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import EngineLost
from gardener_core.garden.door import Garden
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean, clean_line
from gardener_core.training.data.kept.expectations import expectation, figures, remarks, shortfall
from gardener_core.training.data.kept.folder import RowFolder
from gardener_core.training.data.kept.preview import head_of, pieces_of
from gardener_core.training.data.kept.report import DataReport, Stage
from gardener_core.training.data.kept.row import SHARES, DataRow
from gardener_core.training.exchange.formats import FORMATS

BAR = 16
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STYLES = {True: ("green", "bold green"), False: ("dim", "")}


@click.command(epilog="Example: gardener data acme-web --rows 3 --share answers")
@click.argument("name")
@click.option("--base", help="For which base model; else the one that training takes.")
@click.option("--rows", "shown", type=click.IntRange(0), default=0, help="Show so many rows.")
@click.option("--share", type=click.Choice(SHARES), help="Show rows of this share alone.")
@click.option("--skip", type=click.IntRange(0), default=0, help="Skip so many rows before.")
@click.option("--list", "lists", is_flag=True, help="What became of each file and symbol.")
@click.option("--accept", metavar="PATH", multiple=True, help="Learn a file or PATH::SYMBOL.")
@click.option("--reject", metavar="PATH", multiple=True, help="Never learn it.")
@click.option("--undo", metavar="PATH", multiple=True, help="Take such a decision back.")
@click.option("--export", "target", type=click.Path(path_type=Path), help="Write the rows there.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="messages", show_default=True,
    help="How rows are exported.",
)  # fmt: skip
@click.option(
    "--import", "source", type=click.Path(path_type=Path),
    help="Take rows of any of these formats along, in place of those imported before.",
)  # fmt: skip
@json_option
@click.pass_obj
def data(
    session: Session, name: str, base: str | None, shown: int, share: str | None, skip: int,
    lists: bool, accept: tuple[str, ...], reject: tuple[str, ...], undo: tuple[str, ...],
    target: Path | None, form: str, source: Path | None, out: Output,
) -> None:  # fmt: skip
    """Show the rows that training would learn from: counts by stage and reason, and the rows.

    Rows are prepared anew where the project, the choices or the base have changed since.
    """
    garden = session.garden
    project = garden.projects.find(name)
    for accepted, places in ((True, accept), (False, reject), (None, undo)):
        for place in places:
            garden.data.choose(project, place, accepted)
    taken = garden.data.import_from(project, source) if source else None
    rows = _prepared(garden, project, base, out)
    report = rows.report()
    wanted = garden.data.some(rows, shown, share or "", skip) if shown else []
    written = garden.data.export(rows, target, form) if target else 0
    if out.as_json:
        fields = report.to_json()
        if lists:
            fields["items"] = list(rows.items())
        if shown:
            fields["preview"] = [row.to_json() for row in wanted]
        if taken:
            fields["imported"] = taken
        if target:
            fields["exported"] = {"path": str(target), "rows": written, "format": form}
        out.fields(fields)
        return
    if taken:
        out.say(f"Took {taken.rows:,} rows along from {source}.")
        for reason, count in taken.reasons.items():
            out.say(f"{count:,} left out: {reason}")
    _say_report(report, out)
    if lists:
        _say_items(rows, out)
    for row in wanted:
        _say_row(row, out)
    if target:
        out.say(f"Wrote {written:,} rows to {target}, and dataset_info.json beside it.")


def _prepared(garden: Garden, project: Project, base: str | None, out: Output) -> RowFolder:
    """The rows of the project as it is now."""
    run = garden.data.prepare(project, base)
    if out.on_terminal:
        show_run(garden, run.id, out)
    else:
        events = deque(events_of(garden, run.id), maxlen=1)
        raise_if_bad(events[0] if events else None, run.id)
    rows = garden.data.of_run(run.id)
    if rows is None:
        raise EngineLost(f"Run {run.id} left no rows.", hint="Start it again.")
    return rows


def _say_report(report: DataReport, out: Output) -> None:
    for stage in report.stages:
        out.console.print(_stage_line(stage), soft_wrap=True)
    out.say("")
    names = ("SHARE", "PLANNED", "TOKENS", "", "ROWS", "LEARNED")
    whole = report.tokens or 1
    out.table(
        names,
        [
            (
                share.share,
                f"{share.planned:.0%}",
                f"{share.tokens / whole:.0%}",
                f"{share.tokens:,}",
                f"{share.rows:,}",
                f"{share.learned:,}",
            )
            for share in report.shares
        ],
    )
    out.say("")
    for sentence in _sentences(report):
        out.say(sentence)


def _sentences(report: DataReport) -> Sequence[str]:
    found = [*figures(report), *remarks(report), expectation(report), shortfall(report)]
    return [sentence for sentence in found if sentence]


def _stage_line(stage: Stage) -> Text:
    """A stage with a bar of what got through it."""
    line = Text(f"{stage.name:9}{stage.came:>8,} ")
    line.append(_bar(stage.left / stage.came if stage.came else 0.0), style="cyan")
    line.append(f" {stage.left:>8,} {stage.unit:8}", style="bold")
    reasons = " · ".join(f"{clean_line(why)} {count:,}" for why, count in stage.reasons.items())
    line.append(f" {reasons}" if reasons else "", style="dim")
    return line


def _bar(share: float) -> str:
    whole, rest = divmod(round(min(1.0, share) * BAR * 8), 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(BAR)


def _say_items(rows: RowFolder, out: Output) -> None:
    out.table(
        ("", "REASON", "LINES", "WHAT"),
        [
            (
                "+" if item.accepted else "-",
                item.reason,
                f"{item.start_line}-{item.end_line}" if item.end_line else "",
                f"{item.path}::{item.symbol}" if item.symbol else item.path,
            )
            for item in rows.items()
        ],
    )


def _say_row(row: DataRow, out: Output) -> None:
    """A row with what is learned between marks, and its tokens in turn lighter and darker."""
    out.say("")
    out.console.print(Text(clean_line(head_of(row)), style="bold"), soft_wrap=True)
    text = Text()
    for piece in pieces_of(row):
        style = "yellow" if piece.mark else _STYLES[piece.learned][piece.number % 2]
        text.append(clean(piece.text), style=f"{style} underline" if piece.special else style)
    out.console.print(text, soft_wrap=True)
