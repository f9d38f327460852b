"""A base of which only the tokenizer and the chat template are there."""

from pathlib import Path

from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.training.data.makers.forms import BaseForm

FILL_IN = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
CHAT = ("<|im_start|>", "<|im_end|>")
OTHERS = ("<|endoftext|>", "<|file_sep|>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def formed_base(folder: Path, *, chat: bool = True, fill_in: bool = True) -> BaseModel:
    """A base whose tokens are bytes, besides those of its form."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = sorted(ByteLevel.alphabet())
    tokenizer = Tokenizer(BPE({letter: at for at, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    specials = [*OTHERS, *(CHAT if chat else ()), *(FILL_IN if fill_in else ())]
    tokenizer.add_special_tokens(specials)
    tokenizer.save(str(folder / "tokenizer.json"))
    if chat:
        (folder / "chat_template.jinja").write_text(TEMPLATE)
    return BaseModel(
        "formed", "base", "transformers", folder, 1, "0" * 64, True, 4096, "llama", folder,
        folder / "base.gguf",
    )  # fmt: skip


def form_of(base: BaseModel) -> BaseForm:
    """Its form."""
    return BaseForm(base, TextTokens(base.folder))
