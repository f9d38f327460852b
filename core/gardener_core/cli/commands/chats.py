"""Commands about conversations that are kept."""

import dataclasses
import time
from pathlib import Path
from typing import Any

import click

from gardener_core.answers.conversation.forms import json_text, markdown
from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.store.garden.chats.conversations import Chat
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.faults import translated_os_errors


class _ListFirst(click.Group):
    """A group whose list is shown where no subcommand is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read a first word that is no subcommand as the name of a project."""
        word = next((one for one in args if not one.startswith("-")), "")
        if "--help" not in args and word not in self.commands:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ListFirst, epilog="Example: gardener chats acme-web")
def chats() -> None:
    """List the conversations that are kept, of one project or of all.

    The screen keeps what is asked there; gardener ask keeps it with --chat.
    """


@chats.command("list", hidden=True)
@click.argument("name", required=False)
@click.option("--removed", is_flag=True, help="What was removed and can be restored.")
@json_option
@click.pass_obj
def list_(session: Session, name: str | None, removed: bool, out: Output) -> None:
    """List conversations, the latest active first."""
    garden = session.garden
    project = garden.projects.find(name) if name else None
    listed = garden.conversations.removed() if removed else garden.conversations.all(project)
    listed = [chat for chat in listed if project is None or chat.project == project.id]
    names = {each.id: each.name for each in garden.projects.all()}
    if out.as_json:
        out.fields({"chats": [_fields(chat, names) for chat in listed]})
        return
    if not listed:
        out.say("No conversation is kept. One begins by: gardener ask NAME QUESTION --chat new")
        return
    rows = [
        (chat.id, names.get(chat.project, "-"), chat.messages, _moment(chat.updated), chat.title)
        for chat in listed
    ]
    out.table(("ID", "PROJECT", "MESSAGES", "UPDATED", "TITLE"), rows)


@chats.command(epilog="Example: gardener chats show 261129-5b1f03aa")
@click.argument("chat")
@json_option
@click.pass_obj
def show(session: Session, chat: str, out: Output) -> None:
    """Show a conversation: its newest branch, or with --json everything."""
    out.write(_text(session, chat, as_json=out.as_json))


@chats.command(epilog='Example: gardener chats search "refresh token"')
@click.argument("text")
@click.option("-k", "most", type=click.IntRange(1, 1000), default=20, help="How many at most.")
@json_option
@click.pass_obj
def search(session: Session, text: str, most: int, out: Output) -> None:
    """Find messages that hold every word, in all projects, the newest first."""
    started = time.perf_counter()
    matches = session.garden.conversations.search(text, most)
    seconds = round(time.perf_counter() - started, 4)
    if out.as_json:
        out.fields({"matches": [dataclasses.asdict(one) for one in matches], "seconds": seconds})
        return
    if not matches:
        out.say("No message holds these words.")
        return
    rows = [
        (one.chat, one.project_name, _moment(one.created), one.role, one.excerpt) for one in matches
    ]
    out.table(("ID", "PROJECT", "WRITTEN", "BY", "TEXT"), rows)


@chats.command(epilog="Example: gardener chats export 261129-5b1f03aa talk.md")
@click.argument("chat")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--markdown", "as_text", is_flag=True, help="The newest branch (the default).")
@click.option("--json", "as_json", is_flag=True, help="Every branch, with all that came back.")
@click.pass_obj
def export(session: Session, chat: str, file: Path | None, as_text: bool, as_json: bool) -> None:
    """Write a conversation as Markdown or JSON, into a file or to stdout."""
    if as_text and as_json:
        raise click.UsageError("--markdown and --json exclude each other.")
    text = _text(session, chat, as_json=as_json)
    if file is None:
        Output(as_json).write(text)
        return
    if file.exists():
        raise BadInput(f"{file} exists already.", hint="Name a new file.")
    with translated_os_errors(file):
        write_whole(file.absolute(), text.encode(errors="replace"))
    Output(False).say(f"Wrote {file}.")


@chats.command(epilog='Example: gardener chats rename 261129-5b1f03aa "Tokens"')
@click.argument("chat")
@click.argument("title")
@json_option
@click.pass_obj
def rename(session: Session, chat: str, title: str, out: Output) -> None:
    """Give a conversation another title."""
    _say(session, session.garden.conversations.rename(chat, title), "Renamed", out)


@chats.command(epilog="Example: gardener chats remove 261129-5b1f03aa")
@click.argument("chat")
@json_option
@click.pass_obj
def remove(session: Session, chat: str, out: Output) -> None:
    """Take a conversation off the list; for a week, restore brings it back."""
    removed = session.garden.conversations.get(chat)
    session.garden.conversations.remove(chat)
    _say(session, removed, "Removed", out)


@chats.command(epilog="Example: gardener chats restore 261129-5b1f03aa")
@click.argument("chat")
@json_option
@click.pass_obj
def restore(session: Session, chat: str, out: Output) -> None:
    """Bring a removed conversation back."""
    _say(session, session.garden.conversations.restore(chat), "Restored", out)


@chats.command("import", epilog="Example: gardener chats import conversations.json acme-web")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("name")
@json_option
@click.pass_obj
def import_(session: Session, file: Path, name: str, out: Output) -> None:
    """Take over the conversations of a ChatGPT or Claude export into a project, each once."""
    project = session.garden.projects.find(name)
    done = session.garden.conversations.import_file(project, file)
    if out.as_json:
        out.fields(dataclasses.asdict(done))
        return
    there = f" {done.already} were there already." if done.already else ""
    out.say(f"Imported {done.imported} conversations, {done.messages} messages.{there}")


def _text(session: Session, chat: str, *, as_json: bool) -> str:
    garden = session.garden
    project = garden.conversations.get(chat).project
    name = next((one.name for one in garden.projects.all() if one.id == project), "")
    conversation = garden.conversations.read(chat)
    return json_text(conversation, name) if as_json else markdown(conversation, name)


def _say(session: Session, chat: Chat, done: str, out: Output) -> None:
    if out.as_json:
        names = {each.id: each.name for each in session.garden.projects.all()}
        out.fields({"chat": _fields(chat, names)})
        return
    out.say(f"{done} {chat.id}: {chat.title}")


def _fields(chat: Chat, names: dict[str, str]) -> dict[str, Any]:
    return {**dataclasses.asdict(chat), "project": names.get(chat.project, chat.project)}


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
