"""The loss chart redraws what has changed."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import screen, until
from textual.geometry import Region

from gardener_tui.app import GardenerApp
from gardener_tui.widgets.charts.curve import CurveData
from gardener_tui.widgets.charts.loss_chart import LossChart


def falling(count: int) -> CurveData:
    curve = CurveData()
    for step in range(1, count + 1):
        curve.add(step, 4.0 * 0.995**step + 0.3 * (step % 5 == 0))
    return curve


class Counting(LossChart):
    """Counts the rows it asks to be written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[int] = []

    def refresh(self, *regions: Region, **how: bool):  # type: ignore[no-untyped-def, override]
        if regions:
            self.written = [region.y for region in regions]
        return super().refresh(*regions, **how)


async def test_axes_labels_and_dots_are_drawn_and_only_changed_rows_are_written() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(size=(100, 30)) as pilot:
        chart = Counting()
        await app.screen.mount(chart)
        chart.styles.dock = "top"
        chart.styles.height = 20
        await until(pilot, lambda: chart.size.height == 20)
        assert "waiting for the first step" in screen(pilot)
        chart.show(falling(400))
        await until(pilot, lambda: "└" in screen(pilot))
        text = screen(pilot)
        assert "3┤" in text and "100" in text and "400" in text
        assert any(0x2800 < ord(letter) < 0x2900 for letter in text)
        chart.written = []
        chart.show(falling(400))
        assert chart.written == []
        grown = falling(400)
        grown.add(401, 0.2)
        chart.show(grown)
        assert 0 < len(chart.written) < 20


async def test_raw_values_and_the_smoothed_line_have_their_own_colours() -> None:
    app = GardenerApp(ScriptedGarden())
    async with app.run_test(size=(100, 30)) as pilot:
        chart = LossChart()
        await app.screen.mount(chart)
        await until(pilot, lambda: chart.size.width > 0)
        chart.show(falling(300))
        styles = {
            segment.style.color.name
            for y in range(chart.size.height)
            for segment in chart.render_line(y)
            if segment.style and segment.style.color and any(c > "\u2800" for c in segment.text)
        }
        assert {
            app.theme_variables["series"].lower(),
            app.theme_variables["series-raw"].lower(),
        } <= styles


async def test_a_console_without_braille_gets_blocks() -> None:
    app = GardenerApp(ScriptedGarden())
    async with app.run_test(size=(100, 30)) as pilot:
        chart = LossChart(terminal="linux")
        await app.screen.mount(chart)
        await until(pilot, lambda: chart.size.width > 0)
        chart.show(falling(300))
        text = "".join(chart.render_line(y).text for y in range(chart.size.height))
        assert "█" in text and "▀" in text
        assert not any("\u2800" <= letter < "\u2900" for letter in text)
