"""Chat prompts as token ids: a model's own template around texts that stay plain text.

The template is rendered once, with placeholders; its parts are tokenised with control tokens, the texts without
them, and a text that spells a control token is cut within the spelling, so that no tokenizer joins it. This
module knows the engine only as a function that posts to it.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from fivepenny.errors import MindFailed
from fivepenny.minds.gguf import GgufHead
from fivepenny.minds.openings import OPENINGS_MAX

Post = Callable[[str, dict[str, Any]], dict[str, Any]]

_SYSTEM_MARK = "FivepennySystemText"
_PROMPT_MARK = "FivepennyPromptText"
_UNKNOWN_TYPE, _CONTROL_TYPE, _USER_TYPE = 2, 3, 4
# Families differ in whether they declare chat marks as control tokens or as the user's own.
_MARKUP = re.compile(r"[<\[].+[>\]]", re.DOTALL)


class ChatEncoder:
    """Encodes system and prompt as a chat of one turn, ready for the model's answer.

    A model without a template gets the two texts with a blank line between; a template without a system turn
    gets them so in the user's turn. Raises `MindFailed` where the engine cannot render the template.
    """

    def __init__(self, post: Post, head: GgufHead) -> None:
        self._post = post
        self._marks = _marks_pattern(head)
        self._has_template = "tokenizer.chat_template" in head.values
        self._with_system = self._layout(_SYSTEM_MARK)
        self._without_system = self._layout("")
        self._opening = lru_cache(OPENINGS_MAX)(self._opening_ids)

    def encode(self, system: str, prompt: str) -> list[int]:
        """Token ids of the chat: fixed template parts, and the two texts as plain text."""
        layout = self._with_system if system else self._without_system
        rest = layout[layout.index(_PROMPT_MARK) :]
        return [*self._opening(system), *self._ids_of(rest, {_SYSTEM_MARK: system, _PROMPT_MARK: prompt})]

    def opening_tokens(self, system: str) -> int:
        """The token ids before the prompt's own; none without a system text, as a template's head is soon read."""
        return len(self._opening(system)) if system else 0

    def _opening_ids(self, system: str) -> tuple[int, ...]:
        layout = self._with_system if system else self._without_system
        return tuple(self._ids_of(layout[: layout.index(_PROMPT_MARK)], {_SYSTEM_MARK: system}))

    def _ids_of(self, layout: Iterable[list[int] | str], texts: dict[str, str]) -> Iterable[int]:
        for part in layout:
            yield from self._plain_ids(texts[part]) if isinstance(part, str) else part

    def _layout(self, system_mark: str) -> list[list[int] | str]:
        """The chat with its fixed parts tokenised, and the name of a text wherever one stands."""
        rendered = self._rendered(system_mark)
        names = [name for name in (system_mark, _PROMPT_MARK) if name]
        layout: list[list[int] | str] = []
        for part in re.split(f"({'|'.join(names)})", rendered):
            if part in names:
                layout.append(part)
            else:
                first = not layout
                layout.append(self._ids(part, add_special=first, parse_special=True))
        return layout

    def _rendered(self, system_mark: str) -> str:
        joined = f"{system_mark}\n\n{_PROMPT_MARK}" if system_mark else _PROMPT_MARK
        if not self._has_template:
            return joined + "\n"
        turn = {"role": "user", "content": _PROMPT_MARK}
        if system_mark:
            try:
                rendered = self._render([{"role": "system", "content": system_mark}, turn])
            except MindFailed:
                rendered = ""  # some templates refuse a system turn
            if rendered.count(system_mark) == 1 and rendered.count(_PROMPT_MARK) == 1:
                return rendered
        rendered = self._render([{"role": "user", "content": joined}])
        if rendered.count(_PROMPT_MARK) != 1:
            raise MindFailed("it does not repeat what the user says exactly once")
        return rendered

    def _render(self, messages: list[dict[str, str]]) -> str:
        # Asked not to think aloud, a model that can do either answers within its budget.
        body = {"messages": messages, "chat_template_kwargs": {"enable_thinking": False}}
        return str(self._post("/apply-template", body).get("prompt", ""))

    def _plain_ids(self, text: str) -> Iterable[int]:
        start = 0
        for mark in self._marks.finditer(text):
            yield from self._ids(text[start : mark.start() + 1], add_special=False, parse_special=False)
            start = mark.start() + 1
        yield from self._ids(text[start:], add_special=False, parse_special=False)

    def _ids(self, text: str, *, add_special: bool, parse_special: bool) -> list[int]:
        body = {"content": encodable(text), "add_special": add_special, "parse_special": parse_special}
        tokens = self._post("/tokenize", body).get("tokens")
        if not isinstance(tokens, list):
            raise MindFailed("the engine gave no tokens for a text")
        return [int(token) for token in tokens]


def encodable(text: str) -> str:
    """`text` with what no tokenizer can encode (lone surrogates) replaced by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _marks_pattern(head: GgufHead) -> re.Pattern[str]:
    """Matches, without consuming it, each place where a text begins to spell a control token."""
    tokens = head.items("tokenizer.ggml.tokens")
    kinds = head.items("tokenizer.ggml.token_type")
    marks = [
        re.escape(str(token))
        for token, kind in zip(tokens, kinds, strict=False)
        if kind in (_UNKNOWN_TYPE, _CONTROL_TYPE) or (kind == _USER_TYPE and _MARKUP.fullmatch(str(token)))
    ]
    spelt = [mark for mark in marks if mark]
    return re.compile(f"(?={'|'.join(spelt)})" if spelt else r"(?!)")
