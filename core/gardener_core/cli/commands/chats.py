"""Commands about conversations that are kept."""

import dataclasses
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from gardener_core.answers.conversation.foreign import MOST_CHARACTERS, MOST_MESSAGES, LeftOut
from gardener_core.answers.conversation.forms import json_text, markdown
from gardener_core.answers.conversation.tree import Conversation
from gardener_core.cli.list_first import ListFirst
from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.events.answer import SummariesMade
from gardener_core.garden.chats.summaries import InShort
from gardener_core.store.garden.chats.conversations import Chat
from gardener_core.store.garden.chats.summaries import maker_of
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.faults import translated_os_errors
from gardener_core.system.files.regular import read_regular

MOST_SUMMARY_BYTES = 100_000


_LEFT_OUT: Mapping[LeftOut, str] = {
    "other_speakers": "messages of tools and of the system were left out.",
    "no_words": "messages or parts without words, such as pictures, were left out.",
    "too_many": f"messages were left out beyond the first {MOST_MESSAGES:,} of a conversation.",
    "cut": f"messages were cut after {MOST_CHARACTERS:,} characters.",
}


@click.group(cls=ListFirst, epilog="Example: gardener chats acme-web")
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
    """Take over the conversations of a ChatGPT or Claude export into a project, each once.

    Only words are taken over; what was left out is counted by its reason.
    """
    project = session.garden.projects.find(name)
    done = session.garden.conversations.import_file(project, file)
    if out.as_json:
        out.fields(dataclasses.asdict(done))
        return
    there = f" {done.already} were there already." if done.already else ""
    out.say(f"Imported {done.imported} conversations, {done.messages} messages.{there}")
    if done.empty:
        out.say(f"{done.empty} hold no words, and were left out.")
    for reason, count in done.left_out.items():
        out.say(f"{count} {_LEFT_OUT[reason]}")


@chats.command(epilog="Example: gardener chats summary 261129-5b1f03aa")
@click.argument("chat")
@click.option("--answer", type=int, metavar="N", help="Of this answer alone.")
@click.option("--edit", "text", metavar="TEXT", help="Write the summary of --answer yourself.")
@click.option("--file", type=click.Path(path_type=Path), help="The same, from a file.")
@click.option("--delete", is_flag=True, help="Delete that of --answer; it is made anew.")
@click.option("--make", is_flag=True, help="Let a model write those that none has written.")
@click.option("--model", default="", metavar="M", help="With --make: this base, measured or not.")
@json_option
@click.pass_obj
def summary(
    session: Session,
    chat: str,
    answer: int | None,
    text: str | None,
    file: Path | None,
    delete: bool,
    make: bool,
    model: str,
    out: Output,
) -> None:
    """Show what goes along of each exchange once it is older, and who made it.

    The last 50 exchanges go along with a question whole, as far as a model has time to read them;
    of older ones only these lines. The exchanges themselves stay: chats show, chats export.
    """
    summaries = session.garden.conversations.summaries
    if sum((text is not None, file is not None, delete, make)) > 1:
        raise click.UsageError("--edit, --file, --delete and --make exclude each other.")
    written = _file_text(file) if file else text
    if (written is not None or delete) and answer is None:
        raise click.UsageError("Name the answer with --answer N.")
    talk = session.garden.conversations.read(chat)
    if written is not None and answer is not None:
        summaries.edit(chat, answer, written)
    elif delete and answer is not None:
        summaries.delete(chat, answer)
    made = _made_summaries(session, chat, talk, model) if make else None
    listed = [one for one in summaries.all(chat, talk) if answer in (None, one.summary.answer)]
    if answer is not None and not listed:
        raise BadInput(f"There is no answer {answer} on the newest branch.", hint="")
    _show_summaries(listed, made, out)


def _made_summaries(session: Session, chat: str, talk: Conversation, model: str) -> SummariesMade:
    """Let a model write the summaries of a conversation now."""
    garden = session.garden
    project = garden.projects.find(garden.conversations.get(chat).project)
    answers = [one.entry.kept for one in garden.conversations.summaries.all(chat, talk)]
    return garden.chats.summarise(project, chat, answers, model=model, spare=False)


def _show_summaries(listed: Sequence[InShort], made: SummariesMade | None, out: Output) -> None:
    if out.as_json:
        fields: dict[str, Any] = {
            "summaries": [
                {"question": one.entry.text, **dataclasses.asdict(one.summary), "older": one.older}
                for one in listed
            ]
        }
        out.fields(fields | ({"made": dataclasses.asdict(made)} if made else {}))
        return
    if made is not None and made.skipped == "nothing":
        out.say("No base may explain here, so first sentences stand for the exchanges.")
    if not listed:
        out.say("Nothing was asked in it yet.")
        return
    rows = [
        (one.summary.answer, "in short" if one.older else "whole", maker_of(one.summary),
         one.summary.text)
        for one in listed
    ]  # fmt: skip
    out.table(("ANSWER", "GOES ALONG", "BY", "IN SHORT"), rows)


def _file_text(file: Path) -> str:
    try:
        return read_regular(file, MOST_SUMMARY_BYTES).decode(errors="replace")
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.", hint="") from None


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
