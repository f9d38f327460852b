"""Commands that measure this machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.search.measuring.records import Retrieval
from gardener_core.store.garden.projects import Project
from gardener_core.upkeep.bench_project import Result, bench_project
from gardener_core.upkeep.bench_start import bench_start, machine
from gardener_core.upkeep.explaining import ExplainMeasure

MILLION = 1_000_000
RETRIEVAL_QUESTIONS, MODEL_QUESTIONS = 300, 40
OF_PROJECTS = ("read", "index", "search", "retrieval")
OF_MODELS = ("chat", "switch")
TRAIN = "train"


@click.command(epilog="Example: gardener bench search acme-web --large")
@click.argument("what", type=click.Choice([*OF_PROJECTS, *OF_MODELS, TRAIN, "answers", "start"]))
@click.argument("name", required=False)
@click.option("-n", "times", type=click.IntRange(1), default=5, show_default=True, help="Starts.")
@click.option(
    "--made",
    type=click.IntRange(1000),
    default=100_000,
    show_default=True,
    help="How many made chunks to search; 100,000 take half a minute.",
)
@click.option(
    "--questions",
    type=click.IntRange(1),
    default=None,
    help="retrieval: how many docs to ask for, and how many commits (300); answers with a model: "
    "how many questions (40).",
)
@click.option(
    "--apply", is_flag=True, help="retrieval: let searches follow the weight that was measured."
)
@click.option("--model", default="", help="chat, switch, train, answers: which model.")
@click.option("--adapter", is_flag=True, help="answers with a model: with the project's adapter.")
@click.option("--paraphrases", is_flag=True, help="answers with a model: ask in other words too.")
@click.option("--large", is_flag=True, help="A million as well: ten times as long.")
@json_option
@click.pass_obj
def bench(
    session: Session,
    what: str,
    name: str | None,
    times: int,
    made: int,
    questions: int | None,
    apply: bool,
    model: str,
    adapter: bool,
    paraphrases: bool,
    large: bool,
    out: Output,
) -> None:
    """Measure the screen's start, a project's reading, searching and answers, or a base.

    A first index is made beside the one that serves, and taken away. Searches are compared with
    grep on the same files.

    chat lets a base complete through the engine and by llama.cpp alone, in turn. switch goes round
    up to three projects with adapters on one base: until each can be asked, the first token with
    what it had read before and without, and the memory before and after twenty visits.

    train takes a few steps on a project's rows, with our loop and with transformers.Trainer.

    answers counts how often the kind of a written question is recognised. With a name it asks the
    project about its symbols, about names that do not exist, and what was written about a project
    of that name; it checks every citation and times the cards. With --model it measures how well
    that model explains: facts of the card that it keeps, sentences with a source, names that exist
    nowhere, answers to what is not there. The record is kept; a model under the bounds does not
    explain unless it is named. With --adapter the project's adapter explains, and the card compares
    it with the base; --paraphrases asks everything twice and counts what came to the same.

    retrieval asks for functions by their docs, in an index without any docs, and for what commits
    touched by what they say. It measures what weight the embedder should have in this project;
    searches follow it with --apply. Every question is kept with its ranks.
    """
    results: list[Result] = []
    notes: list[str] = []
    if what == "start":
        results = bench_start(times)
    elif what in OF_MODELS:
        chat, switch = session.garden.models.bench_chat, session.garden.switching.measure
        results = list(chat(model) if what == "chat" else switch(model))
    elif what == "answers":
        wanted = _wanted(name, model, questions, adapter, paraphrases)
        asked = session.garden.projects.find(name) if name else None
        for line in session.garden.chats.measure(asked, wanted):
            _take(line, results, notes, out if model else None)
    elif name is None:
        raise BadInput("Which project?", hint=f"Give its name: gardener bench {what} NAME")
    else:
        project = session.garden.projects.find(name)
        sizes = [made, MILLION] if large else [made]
        if what == "retrieval":
            search = session.garden.settings.current(project).search
            sizes = [questions or RETRIEVAL_QUESTIONS, int(search.code_may_leave)]
        for line in _lines(session, what, project, sizes, model):
            _take(line, results, notes, out)
    _show(session, what, name, results, notes, apply, out)


def _wanted(
    name: str | None, model: str, questions: int | None, adapter: bool, paraphrased: bool
) -> ExplainMeasure | None:
    """What is measured of a model that explains; None where none is named."""
    if (adapter or paraphrased) and not model:
        raise BadInput("Which model?", hint="gardener bench answers NAME --model M --adapter")
    if not model:
        return None
    if name is None:
        raise BadInput("In which project?", hint="gardener bench answers NAME --model M")
    return ExplainMeasure(model, questions or MODEL_QUESTIONS, adapter, paraphrased)


def _lines(
    session: Session, what: str, project: Project, sizes: Sequence[int], model: str
) -> Iterator[Result | str]:
    if what == TRAIN:
        return session.garden.models.bench_train(project, model)
    return bench_project(what, session.places, project, sizes)


def _take(line: Result | str, results: list[Result], notes: list[str], out: Output | None) -> None:
    """Keep a line; what is no figure is shown at once."""
    if isinstance(line, Result):
        results.append(line)
        return
    notes.append(line)
    if out is not None and not out.as_json:
        out.say(line)


def _show(
    session: Session,
    what: str,
    name: str | None,
    results: list[Result],
    notes: list[str],
    apply: bool,
    out: Output,
) -> None:
    weight = None
    if what == "retrieval" and name and results:
        weight = _weigh(session, name, apply)
    if out.as_json:
        fields = {"results": results, "notes": notes, "machine": machine()}
        out.fields(fields if what != "retrieval" else {**fields, "weight": weight})
        return
    if what == "retrieval" and name and results:
        _show_arms(session.garden.index.retrieval(session.garden.projects.find(name)), out)
        _show_weight(weight, name, out)
        return
    rows = [(r.name, f"{r.value:g}", r.unit, f"{r.low:g} to {r.high:g}", r.n) for r in results]
    out.table(("WHAT", "MEDIAN", "", "RANGE", "N"), rows)
    out.say(", ".join(str(fact) for fact in machine().values()))


@dataclass(frozen=True, slots=True)
class MeasuredWeight:
    """The weight that was measured for an embedder; `before` is the one that searches had."""

    embedder: str
    weight: float
    before: float
    applied: bool


def _weigh(session: Session, name: str, apply: bool) -> MeasuredWeight | None:
    """What would be set; set it if that was asked for."""
    index, project = session.garden.index, session.garden.projects.find(name)
    found = index.retrieval(project)
    if found is None or found.weight is None:
        return None
    before = index.weight(project, found)
    if apply:
        index.apply_weight(project)
    return MeasuredWeight(found.embedder, found.weight, before, apply)


def _show_weight(measured: MeasuredWeight | None, name: str, out: Output) -> None:
    if measured is None:
        return
    if measured.applied:
        out.say(f"Searches count {measured.embedder} with {measured.weight:g} from now on.")
    elif measured.weight != measured.before:
        out.say(
            f"Searches still count {measured.embedder} with {measured.before:g}. To set "
            f"{measured.weight:g}, add --apply: gardener bench retrieval {name} --apply"
        )


def _show_arms(found: Retrieval | None, out: Output) -> None:
    """Each way of ranking beside the others."""
    rows = [
        (arm.questions, arm.arm, f"{arm.mrr:.3f}", f"{arm.low:.3f} to {arm.high:.3f}",
         f"{arm.recall_1:.3f}", f"{arm.recall_5:.3f}", f"{arm.recall_10:.3f}", arm.n)
        for arm in (found.arms if found else ())
    ]  # fmt: skip
    head = ("QUESTIONS", "RANKED BY", "MRR@10", "95 %", "RECALL@1", "@5", "@10", "N")
    out.table(head, rows)
