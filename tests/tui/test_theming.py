import pytest
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see
from textual.color import Color

from gardener_core.errors import BadInput
from gardener_tui.app import GardenerApp
from gardener_tui.theming import load_theme, parse_theme, theme_names


def contrast(front: str, back: str) -> float:
    def light(colour: str) -> float:
        parts = (
            value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
            for value in Color.parse(colour).normalized
        )
        return sum(
            weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
        )

    high, low = sorted((light(front), light(back)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", theme_names())
def test_text_can_be_read_and_focus_can_be_seen(name: str) -> None:
    theme = load_theme(name)
    assert theme.background
    for colour in ("foreground", "accent", "success", "warning", "error"):
        assert contrast(getattr(theme, colour), theme.background) >= 4.5, colour
    for variable in (
        "label",
        "code-keyword",
        "code-string",
        "code-number",
        "code-name",
        "code-type",
    ):
        assert contrast(theme.variables[variable], theme.background) >= 4.5, variable
    assert contrast(theme.primary, theme.background) >= 3
    assert contrast(theme.variables["series"], theme.background) >= 3


def test_the_themes_know_the_same_colours() -> None:
    night, paper = (load_theme(name).variables for name in ("night", "paper"))
    assert set(night) == set(paper)


def test_a_broken_theme_is_named() -> None:
    with pytest.raises(BadInput, match=r"mine\.toml has no colour in accent: 'nonsense'"):
        parse_theme('name = "m"\nprimary = "#fff"\naccent = "nonsense"', "mine.toml")
    with pytest.raises(BadInput, match="cannot be read"):
        parse_theme("name = ", "mine.toml")
    with pytest.raises(BadInput, match="no theme named"):
        load_theme("../night")


async def test_the_theme_of_the_settings_is_taken_and_a_wrong_one_is_a_toast() -> None:
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
