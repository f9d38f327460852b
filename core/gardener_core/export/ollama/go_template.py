"""Write a chat template in the language of Ollama."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gardener_core.errors import ModelUnfit
from gardener_core.models.chat_template import ChatTurn, chat_parts, chat_template_of
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.fill_in_tokens import FILL_IN_TOKENS

_SYSTEM, _USER, _ASSISTANT = (
    ChatTurn("system", "s"), ChatTurn("user", "u"), ChatTurn("assistant", "a"),
)  # fmt: skip
_TALK = (_SYSTEM, _USER, _ASSISTANT, _USER)
_ACTION = "{{"  # begins what is not text in that language


@dataclass(frozen=True, slots=True)
class TurnForm:
    """What stands before and after what a turn says."""

    before: str
    after: str

    def of(self, content: str) -> str:
        """A turn as it is written."""
        return f"{self.before}{content}{self.after}"


@dataclass(frozen=True, slots=True)
class ChatForm:
    """A chat template that writes each turn in the same way, wherever it stands.

    `unasked` stands in front where nobody gave a system turn, `begin` begins the model's own turn.
    """

    system: TurnForm
    user: TurnForm
    assistant: TurnForm
    unasked: str
    begin: str

    @property
    def go_template(self) -> str:
        """The same for Ollama."""
        unasked = f"{{{{ if not .System }}}}{self.unasked}{{{{ end }}}}" if self.unasked else ""
        content = "{{ .Content }}"
        turns = (
            f'{{{{ if eq .Role "system" }}}}{self.system.of(content)}'
            f'{{{{ else if eq .Role "user" }}}}{self.user.of(content)}'
            f'{{{{ else if eq .Role "assistant" }}}}{self.assistant.of(content)}{{{{ end }}}}'
        )
        return f"{unasked}{{{{ range .Messages }}}}{turns}{{{{ end }}}}{self.begin}"

    def write(self, turns: Sequence[ChatTurn], asks: bool) -> str:
        """A conversation in this form."""
        forms = {"system": self.system, "user": self.user, "assistant": self.assistant}
        text = "".join(forms[turn.role].of(turn.content) for turn in turns)
        unasked = "" if any(turn.role == "system" for turn in turns) else self.unasked
        return unasked + text + (self.begin if asks else "")


def chat_form_of(base: BaseModel) -> ChatForm | None:
    """The form of a base's own template; None where it has none, or one that is not so simple.

    It is found by filling the template in, and held against it on other conversations.
    """
    try:
        form = _found(base)
        pieces = (form.system, form.user, form.assistant)
        texts = [form.unasked, form.begin, *(p.before + p.after for p in pieces)]
        talks = ((_USER,), (_USER, _ASSISTANT, _USER), _TALK, (*_TALK, _ASSISTANT, _USER))
        same = all(form.write(talk, True) == _text(base, talk, asks=True) for talk in talks)
    except (ModelUnfit, ValueError):
        return None
    return form if same and not any(_ACTION in text for text in texts) else None


def template_of(base: BaseModel, special: Callable[[str], int | None]) -> str:
    """What a server is told of a base's form: its chat, and how it fills in code.

    `special` gives the id of a special token, where the base has it. Empty where the base's own
    template, which is in the file, says it better.
    """
    form = chat_form_of(base)
    if form is None and chat_template_of(base):
        return ""
    rest = form.go_template if form else "{{ .Prompt }}"
    for before, after, between in FILL_IN_TOKENS:
        if None not in (special(before), special(after), special(between)):
            asked = f"{before}{{{{ .Prompt }}}}{after}{{{{ .Suffix }}}}{between}"
            return f"{{{{ if .Suffix }}}}{asked}{{{{ else }}}}{rest}{{{{ end }}}}"
    return form.go_template if form else ""


def stop_words(form: ChatForm | None) -> tuple[str, ...]:
    """What ends the model's turn, where that is a word of the template."""
    word = form.assistant.after.strip() if form else ""
    return (word,) if word.startswith("<") and word.endswith(">") else ()


def _found(base: BaseModel) -> ChatForm:
    """The pieces around each turn, by what one more turn adds."""
    user_after = _texts(base, (_USER,), asks=False)[-1]
    begin = _without_start(_texts(base, (_USER,), asks=True)[-1], user_after)
    answered = _texts(base, (_USER, _ASSISTANT), asks=False)
    assistant = TurnForm(_without_start(answered[1], user_after), answered[-1])
    again = _texts(base, (_USER, _ASSISTANT, _USER), asks=False)
    user = TurnForm(_without_start(again[2], assistant.after), user_after)
    alone = _texts(base, (_USER,), asks=False)[0]
    if not alone.endswith(user.before):
        raise ValueError("the first turn is written otherwise")
    with_system = _texts(base, (_SYSTEM, _USER), asks=False)
    if not with_system[1].endswith(user.before):
        raise ValueError("the system turn changes the next one")
    after = with_system[1].removesuffix(user.before)
    system = TurnForm(with_system[0], after)
    return ChatForm(system, user, assistant, alone.removesuffix(user.before), begin)


def _texts(base: BaseModel, turns: Sequence[ChatTurn], *, asks: bool) -> list[str]:
    """The template's own text before, between and after the turns."""
    return [part.text for part in chat_parts(base, turns, asks=asks) if part.turn is None]


def _text(base: BaseModel, turns: Sequence[ChatTurn], *, asks: bool) -> str:
    return "".join(part.text for part in chat_parts(base, turns, asks=asks))


def _without_start(text: str, start: str) -> str:
    if not text.startswith(start):
        raise ValueError("a turn is written otherwise in another place")
    return text.removeprefix(start)
