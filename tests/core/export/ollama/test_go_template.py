"""A chat template is written in Ollama's language where it is simple enough."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.scripted_garden import a_base

from gardener_core.export.ollama.go_template import chat_form_of, stop_words, template_of
from gardener_core.models.model import BaseModel

CHATML = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "<|im_start|>system\nYou are helpful.<|im_end|>\n{% endif %}"
    "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
COUNTING = "{% for m in messages %}{{ loop.index }} {{ m.role }}: {{ m.content }}\n{% endfor %}"
FIRST_ONLY = (
    "{% for m in messages %}[INST] {{ m.content }} [/INST]"
    "{% if loop.first %}<first>{% endif %}{% endfor %}"
)
ACTIONS = "{% for m in messages %}{{ '{{ x }}' }}{{ m.role }}: {{ m.content }}\n{% endfor %}"


def base_with(folder: Path, template: str) -> BaseModel:
    (folder / "chat_template.jinja").write_text(template)
    return replace(a_base("b"), format="transformers", folder=folder)


def test_each_turn_is_written_as_the_base_writes_it(tmp_path: Path) -> None:
    form = chat_form_of(base_with(tmp_path, CHATML))
    assert form is not None
    assert form.go_template == (
        "{{ if not .System }}<|im_start|>system\nYou are helpful.<|im_end|>\n{{ end }}"
        '{{ range .Messages }}{{ if eq .Role "system" }}<|im_start|>system\n{{ .Content }}'
        '<|im_end|>\n{{ else if eq .Role "user" }}<|im_start|>user\n{{ .Content }}<|im_end|>\n'
        '{{ else if eq .Role "assistant" }}<|im_start|>assistant\n{{ .Content }}<|im_end|>\n'
        "{{ end }}{{ end }}<|im_start|>assistant\n"
    )
    assert stop_words(form) == ("<|im_end|>",)


FIM = {"<|fim_prefix|>": 1, "<|fim_suffix|>": 2, "<|fim_middle|>": 3}


def test_a_base_that_fills_in_code_does_so_on_the_server_too(tmp_path: Path) -> None:
    filled = "{{ if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>"
    base = base_with(tmp_path, CHATML)
    text = template_of(base, FIM.get)
    assert text.startswith(f"{filled}{{{{ else }}}}{{{{ if not .System }}}}")
    assert text.endswith("<|im_start|>assistant\n{{ end }}")
    form = chat_form_of(base)
    assert form is not None and template_of(base, {}.get) == form.go_template
    assert (
        template_of(base_with(tmp_path, ""), FIM.get)
        == f"{filled}{{{{ else }}}}{{{{ .Prompt }}}}{{{{ end }}}}"
    )
    assert template_of(base_with(tmp_path, COUNTING), FIM.get) == "", "its own is in the file"


@pytest.mark.parametrize("template", [COUNTING, FIRST_ONLY, ACTIONS, "{{ nothing", ""])
def test_any_other_one_is_left_to_the_file(tmp_path: Path, template: str) -> None:
    assert chat_form_of(base_with(tmp_path, template)) is None
    assert stop_words(None) == ()
