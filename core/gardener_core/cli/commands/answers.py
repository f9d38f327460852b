"""Commands that answer and complete."""

import dataclasses

import click

from gardener_core.cli.output import Output
from gardener_core.cli.remedies import advice
from gardener_core.cli.session import Session, json_option
from gardener_core.events.answer import Answered, Completed, Composed, Prompted, Token
from gardener_core.events.card_text import COMPOSED, card_text
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted


@click.command(epilog='Example: gardener ask acme-web "where are tokens refreshed?"')
@click.argument("name")
@click.argument("question")
@click.option("--model", default="", metavar="MODEL", help="Let this base explain the card.")
@click.option("--no-adapter", is_flag=True, help="The base alone explains.")
@json_option
@click.pass_obj
def ask(
    session: Session, name: str, question: str, model: str, no_adapter: bool, out: Output
) -> None:
    """Answer a question with a card of what the index knows, each line with its place."""
    project = session.garden.projects.find(name)
    for event in session.garden.chats.ask(project, question, model=model, adapter=not no_adapter):
        match event:
            case _ if out.as_json:
                out.event(event)
            case Composed():
                out.write(card_text(event))
                out.say(f"-- {COMPOSED}, {event.kind}")
            case Noted(text=text):
                out.say(text)
            case Retrieved(note=note, remedy=remedy) if note:
                out.say(advice(note, remedy))
            case Token(text=text):
                out.write(text)
            case Prompted(tokens=tokens, model=model):
                out.say(f"-- {model} explains, {tokens} tokens read\n")
            case Answered() if event.model or event.problem:
                _tell_explanation(event, out)
            case Retrieved() | Answered():
                pass


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
    shown = prefix  # once something follows it
    for event in events:
        match event:
            case Completed() if out.as_json:
                out.fields(dataclasses.asdict(event))
            case _ if out.as_json:
                pass
            case Noted(text=text):
                out.say(text)
            case Token(text=text):
                out.write(shown + text)
                shown = ""
            case Completed():
                out.say(shown + suffix)
                out.say(f"-- {_badge(event)}, {event.tokens} tokens in {event.seconds:.2f} s")


def _badge(done: Completed) -> str:
    """What answered."""
    who = f"adapter {done.adapter}" if done.adapter else "base model alone"
    return f"{done.model}, {who}" if done.model else who
