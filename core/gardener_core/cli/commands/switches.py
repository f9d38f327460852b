"""The command about switches between projects."""

import dataclasses
import time

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.store.garden.switches import GuessShare, SwitchReport


@click.command(epilog="Example: gardener switches -n 5")
@click.option(
    "-n", "most", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many."
)
@click.option("--steps", is_flag=True, help="What each step took.")
@json_option
@click.pass_obj
def switches(session: Session, most: int, steps: bool, out: Output) -> None:
    """Show what the last switches from project to project took, and what was loaded.

    SEEN is the time to the new screen, READY until the project could be asked. The project that
    comes next is guessed from these (models.guess_next).
    """
    switching = session.garden.switching
    reports, share = switching.reports(most), switching.share()
    names = {project.id: project.name for project in session.garden.projects.all()}
    if out.as_json:
        listed = [_fields(report, names) for report in reports]
        out.fields({"switches": listed, "guesses": share})
        return
    if not reports:
        out.say("No switch was made yet: choose another project in gardener-tui.")
        return
    for report in reports if steps else ():
        out.say(f"{_way(report, names)}, {_moment(report.started)}")
        for step in report.steps:
            out.say(f"  {step.name:<8} {step.seconds * 1000:7.0f} ms  {step.note}".rstrip())
    if not steps:
        rows = [
            (_moment(one.started), _way(one, names), f"{one.shown_seconds * 1000:.0f} ms",
             f"{one.ready_seconds:.2f} s" if one.ready_seconds else "-", one.outcome,
             one.problem or one.answers)
            for one in reports
        ]  # fmt: skip
        out.table(("WHEN", "FROM AND TO", "SEEN", "READY", "OUTCOME", "WHAT ANSWERS"), rows)
    if share.made:
        out.say(_said(share))


def _fields(report: SwitchReport, names: dict[str, str]) -> dict[str, object]:
    fields = dataclasses.asdict(report)
    return {**fields, "project_name": names.get(report.project, "")}


def _way(report: SwitchReport, names: dict[str, str]) -> str:
    return f"{names.get(report.before, '-')} to {names.get(report.project, '-')}"


def _moment(seconds: float) -> str:
    return time.strftime("%m-%d %H:%M:%S", time.localtime(seconds))


def _said(share: GuessShare) -> str:
    percent = round(100 * share.right / share.made)
    return (
        f"Of {share.made} guesses where one would go next, {share.right} were right ({percent} %)."
    )
