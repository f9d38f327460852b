"""The page of hits: search while writing, filters, reasons."""

from dataclasses import replace

from support.scripted_garden import ScriptedGarden, a_project
from support.searching import searched, shop
from support.showroom import hit, hits
from support.waiting import notices, screen, see, until, write

from gardener_core.errors import IndexMissing
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import Correction
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context.pages.search import TypedQuery
from gardener_tui.panes.context.pane import ContextPane
from gardener_tui.panes.context.rows.why import why_text
from gardener_tui.widgets.rows import Rows

WIDE, NARROW = (140, 45), (80, 24)


async def test_slash_searches_and_shows_hits_with_their_reasons_and_code() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        text = await see(pilot, "118 def refresh_token", "3 hits · 1 test · 38 ms")
        for told in ("src/auth/session.py:118", "method Sessions.refresh_token", "▲", "1.71"):
            assert told in text, told
        # Words and meaning are told apart without colour, and the worst hit has least of both.
        assert "1 ██████▒▒ src/auth/session.py:118" in text
        assert "3 ███░░░░░ web/api/session.ts:12" in text and "▼ piece" in text
        assert "Tests 1" in text and text.index("Tests 1") > text.index("web/api/session.ts")
    assert ("search", "id-acme", "refresh token") in garden.record.calls


async def test_hits_come_while_one_writes_and_older_answers_never_come_after_newer_ones() -> None:
    garden = shop()
    only = Retrieved((hit(1, "new.py", 7, "newest", "function", (1.0, 0.0), "x = 1\n"),), 0.01)
    garden.index.found_for["ab"] = only
    garden.index.waiting.clear()  # the first search is held
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "a")
        await until(pilot, lambda: ("search", "id-acme", "a") in garden.record.calls)
        await see(pilot, "Searching …")
        await pilot.press("b")
        garden.index.waiting.set()
        text = await see(pilot, "new.py:7", "1 hit ")
        assert "src/auth/session.py" not in text
        assert pilot.app.screen.query_one("#query").has_focus
        asked = [call for call in garden.record.calls if call[0] == "search"]
        assert asked == [("search", "id-acme", "a"), ("search", "id-acme", "ab")]
        await pilot.press("backspace", "backspace")
        await see(pilot, "Nothing searched yet.")


async def test_the_hits_of_a_later_question_stay_when_an_older_search_answers() -> None:
    garden = shop()
    asked = Retrieved((hit(1, "asked.py", 7, "asked", "function", (1.0, 0.0), "x = 1\n"),), 0.01)
    garden.chats.script = [asked]
    garden.index.waiting.clear()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "a")
        await until(pilot, lambda: ("search", "id-acme", "a") in garden.record.calls)
        await pilot.press("escape", "4", "w", "h", "y", "enter")
        await see(pilot, "found for: why", "asked.py:7")
        garden.index.waiting.set()
        await until(pilot, lambda: not pilot.app.screen.query_one(ContextPane).search.searching)
        assert "asked.py:7" in screen(pilot)


async def test_a_page_that_was_opened_while_it_searches_stays() -> None:
    garden = shop()
    garden.index.waiting.clear()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash")
        await write(pilot, "refresh token")
        await pilot.press("enter")
        await until(pilot, lambda: ("search", "id-acme", "refresh token") in garden.record.calls)
        await pilot.press("escape", "f", "f")
        await see(pilot, "Context · files")
        garden.index.waiting.set()
        pane = pilot.app.screen.query_one(ContextPane)
        await until(pilot, lambda: not pane.search.searching)
        assert (
            "Context · files" in screen(pilot) and pilot.app.screen.query_one("#filter").has_focus
        )
        await pilot.press("escape", "backspace")
        await see(pilot, "Found 3", "118 def refresh_token")


async def test_letters_do_not_search_where_there_is_no_table() -> None:
    garden = ScriptedGarden(a_project(state="new"))
    garden.index.found = hits()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "y")
        pane = pilot.app.screen.query_one(ContextPane)
        await until(pilot, lambda: pane.search.written == "xy")
        assert not pane.search.due, "no search is due"
        await pilot.press("enter")
        await see(pilot, "3 hits")


async def test_filters_are_chips_and_a_broken_one_says_what_it_wants() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot, "token lang:python -path:tests changed:soon")
        text = await see(pilot, "✔ lang:python", "not path:tests", "✖")
        assert "wants a time" in text and "changed:soon" in text
        await pilot.press("s")
        await see(pilot, "code only")
        await pilot.press("s")
        await see(pilot, "tests only")
    assert ("search", "id-acme", "token lang:python -path:tests changed:soon", "code") in (
        pilot.app.garden.record.calls  # type: ignore[attr-defined]
    )


async def test_why_adds_up_to_the_score_and_is_said_in_words() -> None:
    async with GardenerApp(shop()).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("w")
        text = await see(pilot, "Why it is number 1", "+1.0000", "+0.4100", "+0.3000", "+1.7100")
        assert "Number 1 by words (BM25" in text and "Its name is a word" in text
        await pilot.press("j", "j")
        await see(pilot, "Why it is number 3", "-0.1000", "+0.5400", "It continues the piece above")
        await pilot.press("w")
        await see(pilot, "12 export async function")


async def test_bars_are_as_long_as_the_scores_and_a_negative_score_has_none() -> None:
    garden = shop()
    found = [
        hit(at, f"f{at}.py", at, "s", "function", (words, 0.2), "x\n", Correction("piece", by))
        for at, (words, by) in enumerate(((1.0, 0.0), (0.9, -0.8), (0.1, -0.9)), start=1)
    ]
    garden.index.found = Retrieved(tuple(found), 0.01)
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        text = await see(pilot, "f1.py:1", "-0.60")
        rows = [row for row in text.split("\n") if " f" in row and ("█" in row or "░" in row)]
        filled = [row.count("█") + row.count("▒") for row in rows]
        assert filled == [8, 2, 0]


async def test_no_hit_and_no_index_are_told_in_place() -> None:
    garden = ScriptedGarden(a_project())
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "No code has these words.")
        garden.index.found = IndexMissing("acme has no index.", hint="Press I.")
        await pilot.press("enter")
        await see(pilot, "acme has no index.", "Press I.")
        assert not notices(pilot)


async def test_note_of_a_search_without_a_table_is_told() -> None:
    garden = ScriptedGarden(a_project())
    garden.index.found = replace(hits(), note="Found by words. Run: gardener repair acme")
    async with GardenerApp(garden).run_test(notifications=True, size=NARROW) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash", "x", "enter")
        await see(pilot, "▲ Found by words.", "gardener repair acme")


async def test_another_project_puts_the_hits_away() -> None:
    async with GardenerApp(shop("acme", "beta")).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot, "x")
        await pilot.press("1", "j")
        await see(pilot, "Search beta", "Nothing searched yet.")
        assert "session.py" not in screen(pilot)


def test_correction_names_of_a_newer_engine_do_no_harm() -> None:
    odd = hit(1, "a.py", 1, "a", "function", (0.5, -0.2), "x\n", Correction("moon", 0.2))
    text = why_text(odd, 60).plain
    assert "moon" in text and "-0.2000" in text and "+0.5000" in text


async def test_enter_goes_to_the_hits_though_the_pause_after_typing_ends_just_then() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash")
        await write(pilot, "refresh token")
        page = pilot.app.screen.query_one(ContextPane).search
        assert page.due
        typed = TypedQuery(a_project(), "refresh token", "all", submitted=False)
        page.submit()
        page.pause_ended(typed)  # its clock had run out before, and is heard now
        await until(pilot, lambda: pilot.app.screen.query_one(Rows).has_focus)
