"""The line below an answer: who answered, and what it cost."""

import time

from textual.content import Content

from gardener_core.answers.conversation.tree import Entry
from gardener_core.events.answer import Answered, Completed, Prompted
from gardener_core.events.card_text import COMPOSED
from gardener_core.events.sentences import of_the_gate, without_adapter
from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.wording import counted, short_time, when

WORKING = "…"
BROKEN = "▲ broken off: what wrote it ended without a word; what was written is kept"
CUT = "The engine cut the prompt: it read {read} tokens of it."


def facts(entry: Entry) -> Content:
    """What is known of an answer, finished or not."""
    if entry.completed is not None:
        return _of_code(entry.completed)
    if entry.ended == "failed":
        return styled((f"✖ {entry.problem}", "$error"))
    if entry.ended == "stopped":
        kept = " · what was written is kept" if entry.words else ""
        return styled((f"■ cancelled{kept}", "$label"))
    if entry.ended == "broken":
        return styled((BROKEN, "$warning"))
    if entry.answered is not None:
        return _of_answer(entry.answered)
    if entry.prompted is not None:
        return _of_reading(entry.prompted, "writes" if entry.words else "")
    return styled((WORKING, "$label"))


def _of_answer(answer: Answered) -> Content:
    verdict = "" if answer.found else "? not found in this project · "
    parts: list[Part] = [(verdict, "$warning"), (" · ".join(_costs(answer)), "$label")]
    if answer.alone:
        parts.append((f"\n{answer.alone}", "$label"))
    if answer.without:
        parts.append((f"\n▲ {without_adapter(clean_line(answer.without))}", "$warning"))
    if answer.problem:
        parts.append((f"\n▲ Not explained, or not to the end: {answer.problem}", "$warning"))
    if answer.unknown_names:
        names = ", ".join(clean_line(name) for name in answer.unknown_names)
        parts.append((f"\n▲ Found nowhere: {names}", "$warning"))
    if answer.wrong_numbers:
        numbers = ", ".join(f"[{number}]" for number in answer.wrong_numbers)
        parts.append((f"\n▲ No line of the card has the number {numbers}", "$warning"))
    if answer.caveat:
        caveat = clean_line(of_the_gate(answer.adapter, answer.caveat))
        parts.append((f"\n▲ {caveat}", "$warning"))
    if answer.prompt_read == "cut":
        parts.append((f"\n▲ {CUT.format(read=answer.tokens_evaluated)}", "$warning"))
    return styled(*parts)


def _costs(answer: Answered) -> list[str]:
    if answer.backend == "card":
        return [COMPOSED, short_time(answer.seconds)]
    adapter = f"adapter {answer.adapter}" if answer.adapter else ""
    costs = [clean_line(name) for name in (answer.model, adapter) if name]
    if answer.backend not in ("", answer.model):
        costs.append(clean_line(answer.backend))
    if answer.tokens_read:
        costs.append(f"{counted(answer.tokens_read, 'token')} read")
        costs.append(f"first word {short_time(answer.seconds_to_first_token)}")
    if answer.tokens:
        costs.append(counted(answer.tokens, "token"))
    if answer.kept_since:
        costs.append(f"kept since {when(answer.kept_since, time.time())}")
    return [*costs, short_time(answer.seconds)]


def _of_reading(prompted: Prompted, doing: str) -> Content:
    adapter = f" + {clean_line(prompted.adapter)}" if prompted.adapter else ""
    doing = doing or f"reads {counted(prompted.tokens, 'token')}"
    reads = f"{clean_line(prompted.model)}{adapter} {doing}"
    doubt = "" if prompted.standing in ("", "passed") else f" · {prompted.standing} as an explainer"
    return styled((f"{WORKING} {reads}{doubt}", "$label"))


def _of_code(done: Completed) -> Content:
    who = f"adapter {clean_line(done.adapter)}" if done.adapter else "base model alone"
    model = f"{clean_line(done.model)}, {who}" if done.model else who
    cost = f"{counted(done.tokens, 'token')} · {short_time(done.seconds)}"
    tag = f"\n▲ {without_adapter(clean_line(done.without))}" if done.without else ""
    if done.caveat:
        tag += f"\n▲ {clean_line(of_the_gate(done.adapter, done.caveat))}"
    return styled((f"{model} · {cost}", "$label"), (tag, "$warning"))
