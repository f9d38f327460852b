"""Themes: built in, of the user, at each depth of colours."""

from pathlib import Path

import pytest
from rich.color import Color as RichColor
from support.pictures import SYSTEMS
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import notices, see, until
from textual.color import Color

from gardener_core.errors import BadInput
from gardener_tui.app import GardenerApp
from gardener_tui.theming import Depth, built_in, depth_of_terminal, of_user, parse_theme

MINE = """
name = "mine"
primary = "#ffffff"
background = "#000000"
foreground = "#eeeeee"
"""
DEPTHS: tuple[Depth, ...] = ("full", "indexed", "basic")
CODE = ("code-keyword", "code-string", "code-number", "code-name", "code-type")


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""

    def light(colour: str) -> float:
        parts = (channel / 255 for channel in Color.parse(colour).rgb)
        linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def shown(colour: str, depth: Depth) -> str:
    """What a terminal of so many colours makes of a colour."""
    if depth == "full":
        return colour
    system, palette = SYSTEMS[depth]
    number = RichColor.parse(colour).downgrade(system).number
    assert number is not None
    return "#{:02x}{:02x}{:02x}".format(*palette[number])


@pytest.mark.parametrize("name", sorted(built_in()))
@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
@pytest.mark.parametrize("depth", DEPTHS)
def test_text_can_be_read_on_every_ground(name: str, ground: str, depth: Depth) -> None:
    theme = built_in(depth)[name]
    behind = shown(str(getattr(theme, ground)), depth)
    for colour in ("foreground", "accent", "success", "warning", "error"):
        assert contrast(shown(getattr(theme, colour), depth), behind) >= 4.5, colour
    for variable in ("label", *CODE):
        assert contrast(shown(theme.variables[variable], depth), behind) >= 4.5, variable


@pytest.mark.parametrize("name", sorted(built_in()))
@pytest.mark.parametrize("depth", DEPTHS)
def test_focus_and_curves_can_be_seen(name: str, depth: Depth) -> None:
    theme = built_in(depth)[name]
    ground = shown(str(theme.background), depth)
    assert contrast(shown(theme.primary, depth), ground) >= 3
    for variable in ("series", "series-other"):
        assert contrast(shown(theme.variables[variable], depth), ground) >= 3


@pytest.mark.parametrize("name", sorted(built_in()))
@pytest.mark.parametrize("depth", ["indexed", "basic"])
def test_a_palette_of_few_colours_keeps_apart_what_is_told_apart(name: str, depth: Depth) -> None:
    theme = built_in(depth)[name]
    grounds = {shown(str(ground), depth) for ground in (theme.background, theme.panel)}
    assert len(grounds) == 2
    lines = [shown(theme.variables[v], depth) for v in ("series", "series-raw", "series-other")]
    assert len({*lines, shown(str(theme.background), depth)}) == 4
    # A palette of its own: nothing of it is rounded by the terminal beyond a step of grey.
    named = [str(getattr(theme, key)) for key in ("primary", "accent", "error", "panel")]
    for colour in [*named, *theme.variables.values()]:
        if colour.startswith("#"):
            now, then = Color.parse(colour).rgb, Color.parse(shown(colour, depth)).rgb
            assert max(abs(a - b) for a, b in zip(now, then, strict=True)) <= 8, colour


def test_the_terminal_says_how_many_colours_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)
    for name, depth in (("xterm-256color", "indexed"), ("xterm", "basic"), ("linux", "basic")):
        monkeypatch.setenv("TERM", name)
        assert depth_of_terminal() == depth
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert depth_of_terminal() == "full"


def test_the_themes_know_the_same_colours() -> None:
    known = [set(theme.variables) for theme in built_in().values()]
    assert all(variables == known[0] for variables in known)


def test_a_broken_theme_is_named() -> None:
    with pytest.raises(BadInput, match=r"mine\.toml has no colour in accent: 'nonsense'"):
        parse_theme('name = "m"\nprimary = "#fff"\naccent = "nonsense"', "mine.toml")
    with pytest.raises(BadInput, match=r"mine\.toml has no colour in accent: 7"):
        parse_theme('name = "m"\nprimary = "#fff"\naccent = 7', "mine.toml")
    for broken in ("name = ", 'name = "m"', 'name = "m"\nprimary = "#fff"\nvariables = 3'):
        with pytest.raises(BadInput, match="cannot be read"):
            parse_theme(broken, "mine.toml")


def test_themes_of_the_user_are_found_and_the_broken_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "bad.toml").write_text("name = ")
    (tmp_path / "worse.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "notes.txt").write_text("no theme")
    themes, problems = of_user(tmp_path)
    assert list(themes) == ["mine"]
    assert [problem.split(" ")[2] for problem in problems] == ["bad.toml", "worse.toml"]
    assert of_user(tmp_path / "missing") == ({}, [])


async def test_a_theme_of_the_user_is_taken_and_broken_ones_are_one_notice(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "bad.toml").write_text("name = ")
    (tmp_path / "worse.toml").write_text("name = 3")
    garden = ScriptedGarden(a_project())
    garden.settings.theme = "mine"
    app = GardenerApp(garden, tmp_path)
    async with app.run_test(notifications=True, size=(100, 30)) as pilot:
        await see(pilot, "The theme bad.toml cannot be read", "The theme worse.toml cannot be read")
        assert app.theme == "mine"
        assert len(notices(pilot)) == 1
        await see(pilot, "acme")


async def test_the_theme_of_the_settings_is_taken_and_a_wrong_one_is_told() -> None:
    garden = ScriptedGarden(a_project())
    garden.settings.theme = "paper"
    app = GardenerApp(garden)
    async with app.run_test(size=(80, 24)):
        assert app.theme == "paper"
    garden.settings.theme = "gone"
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "There is no theme named 'gone'.", "Themes: night, paper")
        assert app.theme == "night"


@pytest.mark.parametrize("name", sorted(built_in()))
async def test_no_color_shows_everything_without_a_colour(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    garden = ScriptedGarden(a_project())
    garden.settings.theme = name
    app = GardenerApp(garden)
    async with app.run_test(size=(140, 45)) as pilot:
        await see(pilot, "acme", "No run yet.")
        await pilot.press("2", "question_mark")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert app.no_color


async def test_a_theme_is_tried_as_one_goes_over_it_and_kept_by_enter() -> None:
    garden = ScriptedGarden(a_project())
    app = GardenerApp(garden)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("T", "down")
        await until(pilot, lambda: app.theme == "paper")
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == "night")
        await pilot.press("T", "down", "enter")
        await until(pilot, lambda: ("set", "screen.theme", "paper") in garden.record.calls)
        assert app.theme == "paper"
