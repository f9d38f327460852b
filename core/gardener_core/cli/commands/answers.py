"""Commands that answer and complete."""

import dataclasses

import click

from gardener_core.cli.output import Output
from gardener_core.cli.remedies import advice
from gardener_core.cli.session import Session, json_option
from gardener_core.events.answer import Answered, Token
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted


@click.command(epilog='Example: gardener ask acme-web "where are tokens refreshed?"')
@click.argument("name")
@click.argument("question")
@json_option
@click.pass_obj
def ask(session: Session, name: str, question: str, out: Output) -> None:
    """Answer a question with quotes from the code."""
    project = session.garden.projects.find(name)
    for event in session.garden.chats.ask(project, question):
        match event:
            case _ if out.as_json:
                out.event(event)
            case Token(text=text):
                out.write(text)
            case Noted(text=text):
                out.say(text)
            case Retrieved(note=note, remedy=remedy) if note:
                out.say(advice(note, remedy))
            case Retrieved() | Answered():
                pass


@click.command(epilog='Example: gardener complete acme-web "def refresh_token(self"')
@click.argument("name")
@click.argument("prefix")
@click.option("--no-adapter", is_flag=True, help="The base model alone.")
@click.option("--tokens", type=int, default=32, show_default=True, help="How far to continue.")
@json_option
@click.pass_obj
def complete(
    session: Session, name: str, prefix: str, no_adapter: bool, tokens: int, out: Output
) -> None:
    """Continue code with the base model and the project's adapter."""
    project = session.garden.projects.find(name)
    done = session.garden.chats.complete(project, prefix, adapter=not no_adapter, tokens=tokens)
    if out.as_json:
        out.fields(dataclasses.asdict(done))
        return
    out.say(prefix + done.text)
    who = f"adapter {done.adapter}" if done.adapter else "base model alone"
    out.say(f"-- {who}, {done.tokens} tokens in {done.seconds:.2f} s")
