"""A question with its card, a model's words below it, and what it cost."""

from support.explained import WORDS, answered, card, explained, prompted
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import screen, see, until, write
from textual.pilot import Pilot

from gardener_core.errors import EngineLost
from gardener_core.events.answer import Answered, CardLine, Composed, Token
from gardener_core.events.parts import FoundSource
from gardener_core.events.union import Event
from gardener_tui.app import GardenerApp
from gardener_tui.panes.chat.transcript import MOST_MOUNTED, Transcript
from gardener_tui.panes.chat.turn import Turn
from gardener_tui.widgets.markdown.view import MarkdownView


def garden_that_says(*events: Event) -> ScriptedGarden:
    garden = ScriptedGarden(a_project(adapter="v7"))
    garden.chats.script = list(events)
    return garden


async def ask(pilot: Pilot[None], question: str = "what does it do") -> None:
    await see(pilot, "acme")
    await pilot.press("4")
    await write(pilot, question)
    await pilot.press("enter")


async def test_the_card_comes_first_then_the_words_below_it_and_what_they_cost() -> None:
    garden = garden_that_says(*explained()[:-4])
    garden.chats.holding = True
    async with GardenerApp(garden).run_test(notifications=True, size=(100, 30)) as pilot:
        await ask(pilot)
        text = await see(pilot, "It rotates the token [1].", "coder + v7 writes")
        assert text.index("src/auth/session.py:118-125") < text.index("It rotates")
        assert "no source" not in text, "said when the sentence is whole"


async def test_what_does_not_hold_is_marked_when_the_answer_is_whole() -> None:
    garden = garden_that_says(*explained())
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(160, 50)) as pilot:
        await ask(pilot)
        await see(
            pilot,
            "coder · adapter v7 · llama.cpp · 195 tokens read · first word 800 ms",
            "It calls `burn_all`. ▲ no source",
            "Found nowhere: burn_all",
        )
        assert app.screen.query_one(Turn).entry.words == WORDS


async def test_a_name_that_exists_nowhere_is_underlined_while_it_streams() -> None:
    garden = garden_that_says(card(), prompted(), Token("It calls `burn_all`.", ("burn_all",)))
    garden.chats.holding = True
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(100, 30)) as pilot:
        await ask(pilot)
        await see(pilot, "It calls `burn_all`.")
        strip = app.screen.query_one(MarkdownView).render_line(0)
        underlined = [piece.text for piece in strip if piece.style and piece.style.underline]
        assert underlined == ["burn_all"]


async def test_a_prompt_that_was_cut_and_a_number_of_no_line_are_said() -> None:
    facts = {"prompt_read": "cut", "tokens_evaluated": 120, "wrong_numbers": (9,)}
    whole = answered("So [9].", sources=(FoundSource("So [9].", 2, 0.9),), **facts)
    garden = garden_that_says(card(), prompted(), Token("So [9]."), whole)
    async with GardenerApp(garden).run_test(size=(160, 50)) as pilot:
        await ask(pilot)
        await see(pilot, "So [9]. ≈[2]", "it read 120 tokens of it", "has the number [9]")


async def test_a_model_that_did_not_explain_leaves_the_card_and_says_why() -> None:
    problem = "It is too small to explain."
    whole = Answered("as text", True, (), "card", "", "", 0, 0.0, 0.1, problem=problem)
    async with GardenerApp(garden_that_says(card(), whole)).run_test(size=(100, 30)) as pilot:
        await ask(pilot)
        text = await see(pilot, f"Not explained, or not to the end: {problem}", "no test found")
        assert "as text" not in text


async def test_thinking_is_folded_and_a_key_opens_it() -> None:
    words = "<think>first this, then that</think>It rotates the token [1]."
    app = GardenerApp(garden_that_says(card(), *explained(words)[2:]))
    async with app.run_test(notifications=True, size=(100, 30)) as pilot:
        await ask(pilot)
        text = await see(pilot, "▸ thought 4 words", "It rotates the token [1].")
        assert "first this" not in text and "<think>" not in text
        await pilot.press("escape", "o")
        await see(pilot, "▾ thought", "first this, then that")
        await pilot.press("o")
        await until(pilot, lambda: "first this" not in screen(pilot))


async def test_the_beginning_of_an_answer_stays_in_view() -> None:
    long = "\n\n".join(f"Paragraph {n} [1]." for n in range(60))
    garden = garden_that_says(card(), prompted(), Token(long), answered(long))
    async with GardenerApp(garden).run_test(size=(80, 24)) as pilot:
        await ask(pilot, "first")
        await see(pilot, "first", "Where", "Paragraph 0")
        await ask(pilot, "second")
        text = await see(pilot, "second", "Where", "Paragraph 0")
        assert "Paragraph 50" not in text
        await pilot.press("escape", "G")
        await see(pilot, "Paragraph 59", "coder")


async def test_the_end_stays_in_view_where_one_went_there() -> None:
    lines = "\n\n".join(f"Paragraph {n}, which is longer than half a line [1]." for n in range(60))
    garden = garden_that_says(card(), prompted(), Token(lines), answered(lines))
    app = GardenerApp(garden)
    async with app.run_test(size=(120, 24)) as pilot:
        await ask(pilot)
        await see(pilot, "Paragraph 0")
        await pilot.press("escape", "G")
        await see(pilot, "Paragraph 59", "coder ·")
        transcript = app.screen.query_one(Transcript)
        before = transcript.max_scroll_y
        app.screen.query_one(MarkdownView).styles.padding = (0, 20)
        await until(pilot, lambda: transcript.max_scroll_y > before)
        await until(pilot, lambda: transcript.scroll_y == transcript.max_scroll_y)


async def test_words_below_a_long_card_come_into_view_and_half_of_the_card_stays() -> None:
    lines = tuple(CardLine("file", f"file {n}", n, f"f{n}.py", n, n) for n in range(1, 15))
    long = "\n\n".join(f"Paragraph {n}." for n in range(40))
    composed = Composed(lines, "files", "answered", 0.1)
    garden = garden_that_says(composed, prompted(), Token(long), answered(long))
    async with GardenerApp(garden).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        text = await see(pilot, "file 14", "Paragraph 0", "Paragraph 3")
        assert "Paragraph 39" not in text


async def test_what_was_written_stays_when_it_is_stopped() -> None:
    garden = garden_that_says(card(), prompted(), Token("half an answer"))
    garden.chats.holding = True
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(100, 30)) as pilot:
        await ask(pilot)
        await see(pilot, "half an answer")
        await pilot.press("ctrl+c")
        await see(pilot, "half an answer", "■ cancelled · what was written is kept")
        await until(pilot, lambda: ("cancelled",) in garden.record.calls)
        assert app.screen.query_one(Turn).entry.words == "half an answer"


async def test_an_error_in_the_middle_keeps_the_words_too() -> None:
    garden = garden_that_says(card(), prompted(), Token("half"))
    garden.chats.script.append(EngineLost("The engine is gone.", hint="Ask again."))
    async with GardenerApp(garden).run_test(notifications=True, size=(100, 30)) as pilot:
        await ask(pilot)
        await see(pilot, "half", "✖ The engine is gone.", "Ask again.")


async def test_hostile_words_are_harmless() -> None:
    hostile = "a\x1b]52;c;eA==\x07 &#x202e; \u202e [@click=app.quit]x[/] `\x9b1m`"
    garden = garden_that_says(card(), prompted(), *map(Token, hostile), answered(hostile))
    async with GardenerApp(garden).run_test(size=(100, 30)) as pilot:
        await ask(pilot)
        text = await see(pilot, "coder ·", "[@click=app.quit]x[/]", "&#x202e;", "⟨202E⟩", "⟨009B⟩")
        assert not set(text) & {"\x1b", "\x07", "\u202e", "\x9b"}


async def test_of_a_long_conversation_only_what_is_near_the_view_is_mounted() -> None:
    garden = garden_that_says(card(), Answered("", True, (), "card", "", "", 0, 0.0, 0.1))
    app = GardenerApp(garden)
    async with app.run_test(size=(100, 30)) as pilot:
        await ask(pilot)
        await see(pilot, "composed from the index")
        transcript = app.screen.query_one(Transcript)
        for n in range(2, 101):
            entry = transcript.conversation.ask(f"question {n}")
            transcript.conversation.keep(entry.number, words=f"answer {n}", ended="whole")
        await transcript.show_path()
        await see(pilot, "answer 100")
        assert transcript.turns[-1].entry.number == 100 and len(transcript.turns) < 12
        await pilot.press("escape", "g")
        await see(pilot, "what does it do", "Where")
        assert transcript.turns[0].entry.number == 1 and len(transcript.turns) < 12

        def last() -> int:
            return transcript.turns[-1].entry.number

        async def scroll(way: str) -> None:
            await pilot.press(way)
            await pilot.pause()

        while last() < 50:
            await scroll("J")
            assert len(transcript.turns) <= MOST_MOUNTED
        assert transcript.turns[0].entry.number > 20
        while transcript.turns[0].entry.number > 10:
            await scroll("K")
            assert len(transcript.turns) <= MOST_MOUNTED
        await pilot.press("G")
        await see(pilot, "answer 100")


async def test_a_new_question_is_seen_though_one_was_far_above() -> None:
    garden = garden_that_says(card(), Answered("", True, (), "card", "", "", 0, 0.0, 0.1))
    app = GardenerApp(garden)
    async with app.run_test(size=(100, 30)) as pilot:
        await ask(pilot)
        await see(pilot, "composed from the index")
        transcript = app.screen.query_one(Transcript)
        for n in range(60):
            transcript.conversation.ask(f"question {n}")
        await transcript.go_to_end(first=True)
        await ask(pilot, "the newest one")
        await see(pilot, "the newest one", "composed from the index")
        assert len(transcript.turns) <= MOST_MOUNTED
