"""Pictures of the screen, for people to look at."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from gardener_tui import app
from gardener_tui.app import GardenerApp
from gardener_tui.theming import Depth
from support.showroom import full_garden
from support.waiting import see

# What a terminal of fewer colours has, and what its pictures are called.
SYSTEMS = {
    "indexed": (ColorSystem.EIGHT_BIT, EIGHT_BIT_PALETTE),
    "basic": (ColorSystem.STANDARD, STANDARD_PALETTE),
}
COLOURS: dict[Depth, str] = {"full": "", "indexed": "256", "basic": "16"}
SIZES = ((80, 24), (120, 40), (140, 45), (200, 60))
THEMES = ("night", "paper")
SHEETS = {
    "": (), "help": ("question_mark",), "runs": ("r",), "remove": ("1", "D"), "log": ("v",),
    "context": ("3", "j", "plus"), "why": ("3", "w"), "around": ("3", "c"), "files": ("3", "f"),
    "map": ("3", "m"), "measured": ("3", "M"),
    "zoomed": ("3", "z"), "projects": ("1",),
}  # fmt: skip

QUESTION = ["space" if letter == " " else letter for letter in "how are refresh tokens revoked?"]
# What a character is wide in Textual's SVG.
CELL = 12.2
SPACE = "&#160;"


class FewColours(GardenerApp):
    """The screen as a terminal of fewer colours shows it."""

    # A subclass's style sheets are looked for beside its own file.
    CSS_PATH = [Path(app.__file__).parent / name for name in GardenerApp.CSS_PATH]  # noqa: RUF012

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), Rounding(self._depth)]


class Rounding(LineFilter):
    """Gives every colour the one that the terminal has for it."""

    def __init__(self, depth: Depth) -> None:
        super().__init__()
        self._depth = depth

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if self._depth == "full":
            return segments
        return [Segment(one.text, one.style and self._rounded(one.style)) for one in segments]

    def _rounded(self, style: Style) -> Style:
        system, palette = SYSTEMS[self._depth]
        colours: dict[str, Any] = {}
        for name, colour in (("color", style.color), ("bgcolor", style.bgcolor)):
            if colour is not None and (number := colour.downgrade(system).number) is not None:
                colours[name] = "#{:02x}{:02x}{:02x}".format(*palette[number])
        return style + Style(**colours)


async def draw(
    folder: Path, size: tuple[int, int], theme: str, name: str, depth: Depth = "full"
) -> None:
    garden = full_garden()
    garden.settings.theme = theme
    screen = FewColours(garden, None, depth)
    async with screen.run_test(size=size) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("4", *QUESTION, "enter")
        await see(pilot, "quotes ·")
        await pilot.press("escape", "2", "left_square_bracket")
        await see(pilot, "step 400/400")
        await pilot.press("m", "right_square_bracket")
        await see(pilot, "step 124/400")
        screen.clear_notifications()
        await pilot.press(*SHEETS[name])
        await pilot.pause(0.3)
        colours = COLOURS[depth]
        stem = "-".join(filter(None, (f"{size[0]}x{size[1]}", theme, colours, name)))
        picture = folder / f"{stem}.svg"
        picture.write_text(_spaced(screen.export_screenshot()))
    if converter := shutil.which("rsvg-convert"):
        png = ["-o", str(picture.with_suffix(".png"))]
        subprocess.run([converter, str(picture), *png], check=True)


def _spaced(svg: str) -> str:
    """Each character at its place: converters drop spaces, and take dots from another font."""

    def apart(found: re.Match[str]) -> str:
        letters = re.findall(r"&[^;]+;|.", found[5])
        if not any("\u2800" <= letter <= "\u28ff" for letter in letters):
            blank = next((at for at, letter in enumerate(letters) if letter != SPACE), 0)
            return _text(found, blank, "".join(letters[blank:]), len(letters) - blank)
        return "".join(
            _text(found, at, letter, 1) for at, letter in enumerate(letters) if letter != SPACE
        )

    start = r'<text class="([^"]+)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*)>'
    return re.sub(start + "(.*?)</text>", apart, svg)


def _text(found: re.Match[str], at: int, letters: str, count: int) -> str:
    x, length = float(found[2]) + at * CELL, count * CELL
    return (
        f'<text class="{found[1]}" x="{x:.1f}" y="{found[3]}" textLength="{length:.1f}"{found[4]}>'
        f"{letters}</text>"
    )


async def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for theme in THEMES:
            await draw(folder, size, theme, "")
    for theme in THEMES:
        await draw(folder, (140, 45), theme, "context", "indexed")
        await draw(folder, (140, 45), theme, "context", "basic")
    for name in filter(None, SHEETS):
        await draw(folder, (140, 45), "night", name)
        await draw(folder, (80, 24), "paper", name)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
