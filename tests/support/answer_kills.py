"""Kill the engine or the screen in the middle of an answer, and look at what is kept."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.answers.conversation.tree import Entry
from gardener_core.errors import EngineLost
from gardener_core.events.answer import Completed, Token
from gardener_core.garden.chats.conversations import ChatPlace
from gardener_core.garden.door import Garden
from support.processes import is_running, until

PREFIX = "x = ["
MOST_TOKENS = 400
# A screen that writes down what it was told, as far as anybody can see it.
SCREEN = """
import json, sys
from gardener_core.garden.chats.conversations import ChatPlace
from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places
garden = open_garden(Places.of_user())
project, (chat, after) = garden.projects.find(sys.argv[1]), json.loads(sys.argv[2])
place = ChatPlace(chat, after)
for event in garden.chats.completion(project, sys.argv[3], tokens=int(sys.argv[4]), place=place):
    text = getattr(event, "text", None)
    facts = {"kind": type(event).__name__, "text": text, "engine": garden.engine.process_id}
    print(json.dumps(facts), flush=True)
"""


@dataclass(slots=True)
class Told:
    """What a killed screen was told."""

    text: str = ""
    kind: str = ""


def kill_engine(garden: Garden, name: str, place: ChatPlace, tokens: int) -> Told:
    """Kill the engine after so many tokens."""
    told = Told()
    project, count = garden.projects.find(name), 0
    try:
        for event in garden.chats.completion(project, PREFIX, tokens=MOST_TOKENS, place=place):
            told.kind = type(event).__name__
            if isinstance(event, Completed):
                told.text = event.text
            if isinstance(event, Token):
                told.text += event.text
                count += 1
            if count == tokens and not isinstance(event, Completed):
                os.kill(garden.engine.process_id, signal.SIGKILL)
                count += 1
    except EngineLost:
        pass
    return told


def kill_screen(folder: Path, name: str, place: ChatPlace, tokens: int) -> Told:
    """Kill the process that asked after so many tokens; wait until its engine has ended too."""
    where = json.dumps([place.chat, place.after])
    words = [sys.executable, "-c", SCREEN, name, where, PREFIX, str(MOST_TOKENS)]
    environment = {**os.environ, "GARDENER_HOME": str(folder)}
    told, engine, count = Told(), 0, 0
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment) as screen:
        assert screen.stdout is not None
        for line in screen.stdout:
            facts = json.loads(line)
            told.kind, engine = facts["kind"], facts["engine"] or engine
            if told.kind == "Token":
                told.text += facts["text"]
                count += 1
            if count == tokens:
                screen.kill()
    until(lambda: not is_running(engine), "the engine of the killed screen")
    return told


def ended(garden: Garden, chat: str) -> Sequence[Entry]:
    """A conversation once its last answer is ended: a dying process lets go of its lock last."""
    until(lambda: garden.conversations.read(chat).path[-1].ended != "", "the end of the answer")
    return garden.conversations.read(chat).path


def check(entry: Entry, told: Told) -> None:
    """Nothing that was told is lost, and what is not whole is not shown as whole."""
    if told.kind == "Completed":
        assert entry.ended == "whole" and entry.words == told.text
    else:
        assert entry.words.startswith(told.text), (entry.words, told.text)
        assert entry.ended in ("broken", "whole") and entry.text == PREFIX


def kill_again_and_again(garden: Garden, home: Path, name: str, kills: int, seed: int) -> int:
    """A conversation of so many questions, killed at random moments; how many were hit."""
    draw, hit = random.Random(seed), 0
    project = garden.projects.find(name)
    for asked in range(1, kills + 1):
        place = garden.conversations.place(project, "last")
        tokens = draw.randint(0, 120)
        if draw.random() < 0.5:
            told = kill_engine(garden, name, place, tokens)
        else:
            told = kill_screen(home, name, place, tokens)
        (chat,) = garden.conversations.all(project)
        entries = ended(garden, chat.id)
        assert len(entries) == asked, "every question is kept, each after the one before"
        check(entries[-1], told)
        hit += entries[-1].ended == "broken"
    return hit
