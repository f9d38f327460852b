"""What switches took, as lines of a report."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from gardener_core.store.garden.switches import GuessShare, Outcome, SwitchReport
from gardener_core.system.terminal_text import clean_line
from gardener_tui.screens.sheets.report import Finding
from gardener_tui.widgets.wording import short_time, when


def findings_of(
    reports: Sequence[SwitchReport], names: Mapping[str, str], share: GuessShare, now: float
) -> list[Finding]:
    """Each step of the last switch, then a line for each one before it."""
    last = reports[0]
    found = [_whole(last, names, now)]
    found += [
        Finding(f"  {step.name}", f"{short_time(step.seconds)}  {clean_line(step.note)}".rstrip())
        for step in last.steps
    ]
    found += [_whole(report, names, now) for report in reports[1:]]
    if share.made:
        text = f"{share.right} of {share.made} switches went where they were expected to go."
        found.append(Finding("guesses", text))
    return found


def _whole(report: SwitchReport, names: Mapping[str, str], now: float) -> Finding:
    way = f"{_name(report.before, names)} → {_name(report.project, names)}"
    shown = f"{when(report.started, now)}: seen after {short_time(report.shown_seconds)}"
    ready = f", ready after {short_time(report.ready_seconds)}" if report.ready_seconds else ""
    answers = f" ({clean_line(report.answers)})" if report.answers else ""
    problem = clean_line(report.problem)
    return Finding(way, f"{shown}{ready}{answers}{_said(report.outcome)}", problem)


def _said(outcome: Outcome) -> str:
    match outcome:
        case "ready":
            return ""
        case "card":
            return " · the card answers"
        case "waiting":
            return " · the base loads when asked"
        case "without":
            return " · WITHOUT the adapter"
        case "failed":
            return " · the old project stayed"
        case _:
            assert_never(outcome)


def _name(project: str, names: Mapping[str, str]) -> str:
    return clean_line(names.get(project, "a removed project"))
