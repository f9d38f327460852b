"""Keys: bindings, changes by the user, help, palette, the table of the README."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from support.explained import explained
from support.measured import a_card, a_statement
from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden
from support.waiting import see, until
from textual import events
from textual.command import CommandPalette
from textual.pilot import Pilot

from gardener_core.events.answer import Prompted, PromptPart
from gardener_core.garden.evaluation.votes import Votes
from gardener_core.system.places import Places
from gardener_tui.app import GardenerApp
from gardener_tui.keymap import BUILT_IN
from gardener_tui.keys import KEYS
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.panes.chat.writing.prompt import Prompt
from gardener_tui.screens.beside.screen import BesideScreen
from gardener_tui.screens.cards.screen import CardScreen
from gardener_tui.screens.pickers.jump import Jump
from gardener_tui.screens.pickers.model_list import ModelList
from gardener_tui.screens.pickers.picker import Picker
from gardener_tui.screens.pickers.summary_list import SummaryList
from gardener_tui.screens.sheets.add_project import AddProject
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.screens.sheets.help import Help
from gardener_tui.screens.sheets.line import LineSheet
from gardener_tui.screens.sheets.reason import Reason
from gardener_tui.screens.sheets.report import Report
from gardener_tui.screens.sheets.run_log import RunLog
from gardener_tui.screens.sheets.side_by_side import SideBySide
from gardener_tui.screens.versions.deployed_list import DeployedList
from gardener_tui.screens.versions.export_list import ExportList
from gardener_tui.screens.versions.version_list import VersionList
from gardener_tui.screens.voting.screen import VoteScreen

# How one comes to each place from the start.
WAYS: dict[str, list[str]] = {
    "anywhere": [],
    "projects": ["1"],
    "training": ["2"],
    "welcome": [],
    "query": ["slash"],
    "filter": ["3", "f", "f"],
    "confirm": ["x"],
    "plan": ["t"],
    "add": ["n"],
    "help": ["question_mark"],
    "list": ["P"],
    "name": ["R"],
    "models": ["m"],
    "jump": ["ctrl+o"],
    "log": ["2", "v"],
    "report": ["F"],
    "rows": ["2", "D"],
    "worth": ["1", "c"],
    "vote": ["1", "v"],
    "reason": ["A", "down", "enter"],
    "versions": ["A"],
    "deployed": ["1", "O"],
    "exports": ["1", "E"],
    "beside": ["2", "m", "left_square_bracket", "d"],
}


def test_no_key_means_two_things_in_one_place() -> None:
    everywhere = {key for item in BUILT_IN.keys_of("anywhere") for key in item.keys.split(",")}
    for where in set(item.where for item in KEYS) - {"anywhere"}:
        keys = [key for item in BUILT_IN.keys_of(where) for key in item.keys.split(",")]
        assert len(keys) == len(set(keys)), where
        # Sheets and input lines take every key for themselves; the panes do not.
        if where in ("projects", "training", "context", "chat"):
            assert not everywhere & set(keys), where


def test_no_key_is_one_that_terminals_keep_for_themselves() -> None:
    keys = {key for item in KEYS for key in item.keys.split(",")}
    assert not keys & {"ctrl+a", "ctrl+b", "ctrl+z", "ctrl+s", "shift+enter"}
    assert all(set(item.keys.split(",")) - {"f1"} for item in KEYS), "only a function key"


def test_hints_are_few_and_begin_with_help_and_detach() -> None:
    for where in ("projects", "training", "context", "chat"):
        hints = BUILT_IN.hints(where)
        assert len(hints) <= 7
        assert [key.shown for key in hints[:2]] == ["?", "q"]
    assert BUILT_IN.hints("prompt")[0].shown == "enter"


# The digits of a card are bound while it has such lines: tests/tui/panes/chat/test_citations.py.
@pytest.mark.parametrize("where", sorted({key.where for key in KEYS} - {"card"}))
async def test_every_key_of_a_place_is_bound_there_to_something_that_exists(
    where: str, tmp_path: Path
) -> None:
    app = GardenerApp(ScriptedGarden() if where == "welcome" else full_garden())
    app.garden.chats.holding = where == "anywhere"
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "Welcome." if where == "welcome" else "training 31%")
        if where == "anywhere":
            # ctrl+c is active only while an answer is on its way.
            await pilot.press("4", "x", "enter")
            await until(pilot, lambda: app.screen.query_one(ChatPane).answering)
            await pilot.press("escape", "tab")
        app.garden.votes = Votes(Places(tmp_path, tmp_path), app.garden.scores)
        await _go(pilot, where)
        bound = {active.binding.key: active for active in app.screen.active_bindings.values()}
        for key in BUILT_IN.keys_of(where):
            for name in key.keys.split(","):
                active = bound[name]
                spaces = {"app": app, "screen": app.screen}
                call, _, _ = key.action.partition("(")
                space, _, action = call.rpartition(".")
                plain = key.action.removeprefix(f"{space}.")
                assert active.binding.action in (key.action, plain)
                owner = spaces.get(space, active.node)
                assert hasattr(owner, f"action_{action}"), f"{owner} has no {key.action}"
        app.garden.chats.holding = False


async def test_numbers_go_to_panes() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        for number, pane in (("2", "training"), ("3", "context"), ("1", "projects"), ("4", "chat")):
            await pilot.press("escape", number)
            await until(pilot, lambda pane=pane: app.screen.query_one(f"#{pane}").has_focus_within)


async def test_tab_goes_round_the_panes_and_back() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        seen = []
        for key in itertools.chain(["tab"] * 4, ["shift+tab"] * 4):
            await pilot.press(key)
            await pilot.pause()
            seen.append(
                next(pane.id for pane in app.screen.query(".pane") if pane.has_focus_within)
            )
        forth = ["training", "chat", "context", "projects"]
        assert seen == [*forth, "context", "chat", "training", "projects"]


async def test_question_mark_shows_the_keys_of_the_place() -> None:
    app = GardenerApp(full_garden())
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await pilot.press("2", "question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        text = await see(pilot, "In the training", "Write a checkpoint now", "Anywhere")
        assert text.count("Cancel the answer") + text.count("Find a command by name") >= 1
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Help))


async def test_q_leaves_and_letters_in_the_prompt_do_not() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "q", "n", "t")
        assert app.screen.query_one(Prompt).value == "qnt"
        assert app._exit is False
        await pilot.press("escape", "q")
        await until(pilot, lambda: app._exit)


def test_the_readme_shows_the_keys_as_they_are() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    wanted = BUILT_IN.table()
    assert wanted in readme, f"README.md wants this table of keys:\n\n{wanted}\n"


def test_wishes_that_cannot_be_had_are_told_and_the_others_taken() -> None:
    wishes = {
        "run.train": "Z", "run.pause": "x", "no.such": "w", "run.stop": "", "run.log": "hyper+x",
        "chart.log": "w,Y", "list.down": "ctrl+n",
    }  # fmt: skip
    keys, problems = BUILT_IN.changed(wishes)
    assert problems == [
        "x would mean run.pause and run.stop",
        "there is no action no.such",
        "run.stop would have no key",
        "there is no key hyper+x (run.log)",
    ]
    taken = {"run.train": "Z", "chart.log": "w,Y", "list.down": "ctrl+n"}
    assert keys.differences() == taken
    assert keys.key("run.train").shown == "Z" and keys.key("run.pause").shown == "p"


async def test_keys_of_the_settings_hold_and_are_shown_and_conflicts_are_one_toast() -> None:
    garden = ScriptedGarden(a_project())
    garden.settings.keys = {"run.train": "Z", "adapter": "x", "nonsense": "y"}
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "x would mean adapter and", "there is no action nonsense", "Z Train")
        await see(pilot, "Z  trains an adapter")
        await pilot.press("t")
        await pilot.press("Z", "enter")
        await until(pilot, lambda: ("train", "id-acme") in garden.record.calls)
        assert garden.record.names().count("train") == 1
        await pilot.press("1", "question_mark")
        await see(pilot, "Z  Train an adapter on the project")


async def test_what_is_typed_right_after_a_key_that_goes_elsewhere_arrives_there() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        # Posted at once, as a terminal does with what was typed ahead.
        for letter in "4text":
            app.post_message(events.Key(letter, letter))
        await until(pilot, lambda: app.screen.query_one(Prompt).value == "text")
        assert "train" not in app.garden.record.names()


async def test_a_letter_of_the_jump_labels_goes_to_its_place_from_the_prompt_too() -> None:
    app = GardenerApp(full_garden())
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("4", "ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, Jump))
        labels = [str(label.render()) for label in app.screen.query(".jump-label")]
        assert labels[:3] == [" a ", " s ", " d "]
        await pilot.press("a")
        await until(pilot, lambda: app.screen.query_one("#project-list").has_focus)
        await pilot.press("ctrl+o", "escape")
        await until(pilot, lambda: not isinstance(app.screen, Jump))


async def test_palette_finds_actions_by_name() -> None:
    garden = full_garden()
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"paper")
        await see(pilot, "Theme: paper")
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "paper")
        assert ("set", "screen.theme", "paper") in garden.record.calls


async def _go(pilot: Pilot[None], where: str) -> None:
    app = pilot.app
    match where:
        case "context":
            await pilot.press("slash", "x", "enter")
            await see(pilot, "3 hits")
            await pilot.press("escape")
        case "sides":
            app.garden.chats.script = explained()
            await pilot.press("4", "x", "enter")
            await see(pilot, "tokens read")
            await pilot.press("escape", "d")
        case "short":
            left_out = PromptPart("conversation", 300, "left_out")
            app.garden.chats.script = [
                replace(one, parts=(*one.parts, left_out)) if isinstance(one, Prompted) else one
                for one in explained()
            ]
            for question in "xy":
                await pilot.press("4", question, "enter")
                await until(pilot, lambda: not app.screen.query_one(ChatPane).answering)
            await see(pilot, "1 older exchange")
            await pilot.press("escape", "s")
        case "prompt":
            # Tab takes a suggestion where there is one, and else goes to the next pane.
            await pilot.press("4", "slash")
            await see(pilot, "/complete")
        case "vote":
            items = [a_statement(f"src/{n}.py", n, adapter_right=True) for n in range(3)]
            app.garden.scores.cards["v7"] = a_card(items)
            app.garden.scores.measured["v7"] = items
            await pilot.press(*WAYS[where])
        case "chat":
            await pilot.press("4", "x", "enter")
            await see(pilot, "quotes ·")
            await pilot.press("escape")
        case _:
            await pilot.press(*WAYS[where])
    sheets = {
        "confirm": Confirm, "add": AddProject, "help": Help, "name": LineSheet, "list": Picker,
        "models": ModelList, "jump": Jump, "log": RunLog, "beside": BesideScreen, "report": Report,
        "sides": SideBySide, "short": SummaryList, "worth": CardScreen, "reason": Reason,
        "versions": VersionList, "deployed": DeployedList, "exports": ExportList,
        "vote": VoteScreen,
    }  # fmt: skip
    if where in sheets:
        await until(pilot, lambda: isinstance(app.screen, sheets[where]))
    await pilot.pause()
