"""Commands that answer and complete."""

import dataclasses
import time
from collections.abc import Iterator

import click

from gardener_core.cli.output import Output
from gardener_core.cli.remedies import advice
from gardener_core.cli.session import Session, json_option
from gardener_core.cli.stdin import given_on_stdin
from gardener_core.errors import GardenError
from gardener_core.events.answer import Answered, Completed, Composed, Placed, Prompted, Token
from gardener_core.events.card_text import COMPOSED, card_text
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted
from gardener_core.events.sentences import of_the_gate, without_adapter
from gardener_core.events.union import Event
from gardener_core.garden.chats.options import AskOptions


@click.command(epilog='Example: gardener ask acme-web "why does this fail?" < pytest.log')
@click.argument("name")
@click.argument("question")
@click.option("--model", default="", metavar="MODEL", help="Let this model explain the card.")
@click.option("--no-model", is_flag=True, help="The card alone.")
@click.option("--no-adapter", is_flag=True, help="The base alone explains.")
@click.option("--anew", is_flag=True, help="Do not give an answer that was kept.")
@click.option("--thorough", is_flag=True, help="Let the model read more, whatever it takes.")
@click.option(
    "--chat",
    default="",
    metavar="ID",
    help='Keep it: conversation ID, "last" or "new".',
)
@json_option
@click.pass_obj
def ask(
    session: Session,
    name: str,
    question: str,
    model: str,
    no_model: bool,
    no_adapter: bool,
    anew: bool,
    thorough: bool,
    chat: str,
    out: Output,
) -> None:
    """Answer a question with a card of what the index knows, each line with its place.

    A model explains it below: the one that is named, else the project's base where it was measured
    and may (gardener bench answers N --model M). What stands on stdin goes along as context.
    Nothing of it is kept without --chat; with it, what was said before goes along.
    """
    project = session.garden.projects.find(name)
    given = given_on_stdin()
    answer = session.garden.chats.ask(
        project,
        question,
        AskOptions(
            model=model,
            explain=not no_model,
            adapter=not no_adapter,
            given=given.text,
            anew=anew,
            thorough=thorough,
            place=session.garden.conversations.place(project, chat) if chat else None,
        ),
    )
    if given.note and not out.as_json:
        out.say(given.note)
    for event in answer:
        if out.as_json:
            out.event(event)
        else:
            _show(event, out)


def _show(event: Event, out: Output) -> None:
    match event:
        case Composed():
            out.write(card_text(event))
            out.say(f"-- {COMPOSED}, {event.kind}")
        case Noted(text=text):
            out.say(text)
        case Retrieved(note=note, remedy=remedy) if note:
            out.say(advice(note, remedy))
        case Placed(chat=chat):
            out.say(f"-- conversation {chat}")
        case Token(text=text, unknown=unknown):
            out.write(text + "".join(f" (?{name})" for name in unknown))
        case Prompted():
            _tell_prompt(event, out)
        case Answered() if event.model or event.problem:
            _tell_explanation(event, out)
        case Answered(alone=alone) if alone:
            out.say(f"-- {alone}")
        case _:
            pass


def _tell_prompt(prompt: Prompted, out: Output) -> None:
    """Who explains, how much it reads, and what of it was left out."""
    standing = {"failed": ", which failed as an explainer", "not measured": ", not measured"}
    said = standing.get(prompt.standing, "")
    out.say(f"-- {prompt.model}{said} explains, {prompt.tokens} tokens read")
    cut = [part.name for part in prompt.parts if part.form in ("cut", "left_out")]
    if "context" in cut:
        out.say("-- Of what was given on stdin, the end was read.")
    short = sum(part.name == "summary" and part.form != "left_out" for part in prompt.parts)
    if short or cut.count("conversation"):
        out.say(f"-- Of what was said: {short} in short, {cut.count('conversation')} not read.")
    out.say("")


def _tell_explanation(answer: Answered, out: Output) -> None:
    """What a model's words cost, and what of them does not hold."""
    if answer.problem:
        out.say(f"-- Not explained, or not to the end: {answer.problem}")
        return
    out.say("")
    if answer.unknown_names:
        out.say(f"-- Exists nowhere here: {', '.join(answer.unknown_names)}")
    for source in answer.sources:
        out.say(f"-- [{source.n}], found by comparing words: {source.sentence}")
    for sentence in answer.unsourced:
        out.say(f"-- No source: {sentence}")
    if answer.prompt_read == "cut":
        read = f"{answer.tokens_evaluated:,} of {answer.tokens_read:,} tokens"
        out.say(f"-- The prompt was cut: {read} were read.")
    if answer.without:
        out.say(f"-- Explained {without_adapter(answer.without)}")
    if answer.caveat:
        out.say(f"-- {of_the_gate(answer.adapter, answer.caveat)}")
    if answer.kept_since:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(answer.kept_since))
        out.say(f"-- Kept since {when}; --anew asks again.")
    badge = " + ".join(filter(None, (answer.model, answer.adapter)))
    first = answer.seconds_to_first_token
    out.say(f"-- {badge}, {answer.backend}, first word after {first:.2f} s")


@click.command(epilog='Example: gardener complete acme-web "def refresh_token(self"')
@click.argument("name")
@click.argument("prefix")
@click.option("--no-adapter", is_flag=True, help="The base model alone.")
@click.option("--suffix", default="", metavar="CODE", help="What follows: fill in up to it.")
@click.option("--tokens", type=int, default=32, show_default=True, help="How far to continue.")
@json_option
@click.pass_obj
def complete(
    session: Session,
    name: str,
    prefix: str,
    no_adapter: bool,
    suffix: str,
    tokens: int,
    out: Output,
) -> None:
    """Continue code with the base model and the project's adapter.

    It ends where the block of code ends. With --suffix it fills in what is between, where the base
    was made for that.
    """
    project = session.garden.projects.find(name)
    events = session.garden.chats.completion(
        project, prefix, suffix=suffix, adapter=not no_adapter, tokens=tokens
    )
    if out.as_json:
        _complete_as_data(events, out)
        return
    shown = prefix  # once something follows it
    for event in events:
        match event:
            case Noted(text=text):
                out.say(text)
            case Token(text=text):
                out.write(shown + text)
                shown = ""
            case Completed():
                out.say(shown + suffix)
                out.say(f"-- {_badge(event)}, {event.tokens} tokens in {event.seconds:.2f} s")
                if event.without:
                    out.say(f"-- Completed {without_adapter(event.without)}")
                if event.caveat:
                    out.say(f"-- {of_the_gate(event.adapter, event.caveat)}")


def _complete_as_data(events: Iterator[Event], out: Output) -> None:
    """The whole as one object; of a completion that broke off, what had come before the error."""
    written = ""
    try:
        for event in events:
            match event:
                case Token(text=text):
                    written += text
                case Completed():
                    out.fields(dataclasses.asdict(event))
    except GardenError:
        if written:
            out.fields({"text": written, "ended": "broken off"})
        raise


def _badge(done: Completed) -> str:
    """What answered."""
    who = f"adapter {done.adapter}" if done.adapter else "base model alone"
    return f"{done.model}, {who}" if done.model else who
