"""Pictures of the screen, for people to look at."""

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path

from gardener_tui.app import GardenerApp
from support.showroom import full_garden
from support.waiting import see

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


async def draw(folder: Path, size: tuple[int, int], theme: str, name: str) -> None:
    garden = full_garden()
    garden.settings.theme = theme
    app = GardenerApp(garden)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("4", *QUESTION, "enter")
        await see(pilot, "quotes ·")
        await pilot.press("escape", "2", "left_square_bracket")
        await see(pilot, "step 400/400")
        await pilot.press("m", "right_square_bracket")
        await see(pilot, "step 124/400")
        app.clear_notifications()
        await pilot.press(*SHEETS[name])
        await pilot.pause(0.3)
        stem = "-".join(filter(None, (f"{size[0]}x{size[1]}", theme, name)))
        picture = folder / f"{stem}.svg"
        picture.write_text(_spaced(app.export_screenshot()))
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
    for name in filter(None, SHEETS):
        await draw(folder, (140, 45), "night", name)
        await draw(folder, (80, 24), "paper", name)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
