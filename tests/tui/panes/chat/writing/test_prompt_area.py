"""Writing: commands, models, names, lines, what was written before, the editor."""

import os
import random
import time
from pathlib import Path

import pytest
from support.explained import explained
from support.scripted_garden import ScriptedGarden, a_base, a_project
from support.waiting import see, until, write
from textual.pilot import Pilot

from gardener_core.search.path_index import PathIndex
from gardener_core.store.project.facts import Symbol
from gardener_core.upkeep.explaining import Explains
from gardener_tui.app import GardenerApp
from gardener_tui.panes.chat.writing.prompt import Prompt
from gardener_tui.panes.chat.writing.suggestions import SuggestionList


def garden() -> ScriptedGarden:
    made = ScriptedGarden(a_project(adapter="v7"))
    made.chats.script = list(explained())
    made.code.listed = ["src/auth/session.py", "src/auth/store.py", "web/api/session.ts"]
    made.code.defined = [
        Symbol("src/auth/session.py", "Sessions.refresh", "refresh", "method", 12, 20, ""),
        Symbol("src/auth/store.py", "rewind", "rewind", "function", 3, 9, ""),
    ]
    return made


async def begin(pilot: Pilot[None]) -> Prompt:
    await see(pilot, "acme")
    await pilot.press("4")
    prompt = pilot.app.screen.query_one(Prompt)
    await until(pilot, lambda: prompt.has_focus)
    return prompt


async def test_a_slash_shows_what_there_is_and_letters_narrow_it() -> None:
    app = GardenerApp(garden())
    async with app.run_test(notifications=True, size=(100, 40)) as pilot:
        prompt = await begin(pilot)
        await pilot.press("slash")
        await see(pilot, "/complete", "/model", "/again")
        await pilot.press("e", "x")
        await until(pilot, lambda: app.screen.query_one(SuggestionList).option_count == 1)
        await pilot.press("escape")
        assert prompt.has_focus and not app.screen.query_one(SuggestionList).display
        await pilot.press("backspace", "x", "enter")
        await see(pilot, "There is no conversation to write yet.")
        assert prompt.value == ""


async def test_slash_model_chooses_who_explains_here() -> None:
    made = garden()
    made.models.bases = [a_base("coder"), a_base("small")]
    async with GardenerApp(made).run_test(notifications=True, size=(120, 40)) as pilot:
        prompt = await begin(pilot)
        await write(pilot, "/mo")
        await see(pilot, "which base explains here")
        await pilot.press("tab")
        await see(pilot, "coder", "small", "none")
        await pilot.press("down", "enter")
        await see(pilot, "small explains in this project from now on.", "small explains · adapter")
        await write(pilot, "what?")
        await pilot.press("enter")
        await until(pilot, lambda: [one.model for one in made.chats.asked] == ["small"])
        await write(pilot, "/model no-such-base")
        await pilot.press("enter")
        await see(pilot, "There is no base no-such-base here")
        await write(pilot, "/model none")
        await pilot.press("enter")
        await see(pilot, "The card alone answers in this project from now on.")
        assert prompt.value == ""


async def test_a_picker_shows_what_is_known_of_each_base_and_none_is_the_card_alone() -> None:
    made = garden()
    made.models.bases = [a_base("coder"), a_base("small")]
    made.chats.explaining.known["coder"] = Explains("coder", "passed", "kept 19 of 20 facts")
    async with GardenerApp(made).run_test(notifications=True, size=(120, 40)) as pilot:
        await begin(pilot)
        await write(pilot, "/model")
        await pilot.press("escape", "enter")
        await see(pilot, "Who explains?", "✔ coder  kept 19 of 20 facts", "○ small  not measured")
        await pilot.press("n", "o", "n", "e", "enter")
        await see(pilot, "The card alone answers in this project from now on.")
        await write(pilot, "what?")
        await pilot.press("enter")
        await until(pilot, lambda: len(made.chats.asked) == 1)
    assert (made.chats.asked[0].model, made.chats.asked[0].explain) == ("", False)


async def test_at_finds_files_and_symbols_and_a_picked_one_is_a_name_in_the_question() -> None:
    made = garden()
    async with GardenerApp(made).run_test(size=(120, 40)) as pilot:
        prompt = await begin(pilot)
        await write(pilot, "what does @re")
        await see(pilot, "Sessions.refresh", "rewind")
        await pilot.press("down", "tab")
        assert prompt.value == "what does `rewind` "
        await write(pilot, "in @store")
        await see(pilot, "≡ src/auth/store.py")
        await pilot.press("enter")
        assert prompt.value == "what does `rewind` in src/auth/store.py "
        await pilot.press("enter")
        await until(pilot, lambda: len(made.chats.asked) == 1)
    assert made.chats.asked[0].text == "what does `rewind` in src/auth/store.py"


async def test_arrows_bring_back_what_was_written_and_the_draft() -> None:
    made = garden()
    async with GardenerApp(made).run_test(size=(120, 40)) as pilot:
        prompt = await begin(pilot)
        for number, question in enumerate(("one", "two"), start=1):
            await write(pilot, question)
            await pilot.press("enter")
            await until(pilot, lambda number=number: len(made.chats.asked) == number)
            await see(pilot, "tokens read")
        await write(pilot, "draft")
        await pilot.press("up")
        assert prompt.value == "two"
        await pilot.press("up", "up")
        assert prompt.value == "one"
        await pilot.press("down", "down")
        assert prompt.value == "draft"


async def test_ctrl_j_begins_a_line_and_the_question_has_it() -> None:
    made = garden()
    async with GardenerApp(made).run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await write(pilot, "one")
        await pilot.press("ctrl+j")
        await write(pilot, "two")
        await pilot.press("enter")
        await until(pilot, lambda: len(made.chats.asked) == 1)
    assert made.chats.asked[0].text == "one\ntwo"


async def test_when_writing_pauses_the_question_is_read_ahead_and_commands_are_not() -> None:
    made = garden()
    async with GardenerApp(made).run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await write(pilot, "/complete def f(x):")
        await write(pilot, " and so on")
        prompt = pilot.app.screen.query_one(Prompt)
        prompt.value = ""
        await write(pilot, "what does it do")
        await until(pilot, lambda: "read ahead" in made.record.names())
    asked = [call for call in made.record.calls if call[0] == "read ahead"]
    assert asked == [("read ahead", "what does it do", "")]


async def test_without_an_editor_that_is_said_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    assert "EDITOR" not in os.environ
    async with GardenerApp(garden()).run_test(notifications=True, size=(120, 40)) as pilot:
        prompt = await begin(pilot)
        await write(pilot, "a draft")
        await pilot.press("ctrl+g")
        await see(pilot, "There is no editor to open.")
        assert prompt.value == "a draft"


@pytest.mark.long
async def test_a_hundred_thousand_paths_cost_less_than_thirty_milliseconds_a_key() -> None:
    dice = random.Random(4)
    words = ["core", "server", "views", "auth", "session", "token", "handler", "config", "render"]

    def word() -> str:
        return f"{dice.choice(words)}{dice.randint(0, 99)}"

    made = garden()
    made.code.listed = [
        f"{'/'.join(word() for _ in range(dice.randint(2, 6)))}/{word()}_{n}.py"
        for n in range(100_000)
    ]
    async with GardenerApp(made).run_test(size=(120, 40)) as pilot:
        prompt = await begin(pilot)
        await write(pilot, "@s")
        await see(pilot, "≡")
        seconds = []
        for text in ("ession", "zzqx", "auth7/tok", "hndlr", "ce9"):
            prompt.value = "@"
            for letter in text.replace("/", "\0"):
                began = time.process_time()
                await pilot.press("slash" if letter == "\0" else letter)
                seconds.append(time.process_time() - began)
        assert sorted(seconds)[int(0.95 * len(seconds))] < 0.030 * 3, "with all of the screen"


def test_paths_are_found_best_first() -> None:
    index = PathIndex(
        ["src/auth/session.py", "src/session/a.py", "tests/test_session.py", "x/sxexsxs.py"]
    )
    assert index.find("sess") == [
        "src/auth/session.py", "tests/test_session.py", "src/session/a.py", "x/sxexsxs.py",
    ]  # fmt: skip
    assert index.find("auth sess") == ["src/auth/session.py"]
    assert index.find("src/auth") == ["src/auth/session.py"]
    assert index.find("zzz") == [] and len(index.find("")) == 4


def test_finding_among_a_hundred_thousand_paths_is_fast() -> None:
    paths = [f"pkg{n % 97}/mod{n % 311}/file_{n}_{n * 7919 % 1009}.py" for n in range(100_000)]
    index = PathIndex(paths)
    seconds = []
    for query in ("f", "fil", "file_77", "zzzz", "pkg9/mod3", "flpy", "mod file", "e_1009", "xq"):
        began = time.process_time()
        index.find(query)
        seconds.append(time.process_time() - began)
    assert sorted(seconds)[int(0.95 * len(seconds))] < 0.030


def test_a_path_with_a_line_end_does_not_shift_the_others(tmp_path: Path) -> None:
    assert PathIndex(["a\nb.py", "c.py"]).find("c.py") == ["c.py"]
