"""Which part of a reply speaks: reasoning, other channels and invented turns are told apart from the answer.

Rules 2 and 3 of the reply contract, and the tokens that a template leaves at both ends. It knows nothing of
menus or of what an answer holds. A mark inside a strict JSON object that stands in the open is speech of that
object and marks nothing; everything else is taken at its word.
"""

import json
import re
from dataclasses import dataclass, field

from fivepenny.minds.reply_text import ANGLE_TOKENS, GAP_CLASS, SEAM, SQUARE_TOKENS

# After so many failed tries to read a strict object, no further one is made (each may cost the whole text).
_STRICT_FAILURES = 200
_TOKEN_REACH_CHARACTERS = 64

_OBJECT_START = re.compile(r'\{\s*["}]')
_CHANNEL_OR_BRACE = re.compile(r"\{|<\|channel\|>")
_THINK_OR_BRACE = re.compile(r"\{|</?think>", re.IGNORECASE)
_THINK_END = re.compile(r"</think>", re.IGNORECASE)
_CHANNEL_NAME = re.compile(r"\s*(\w+)")
_USER_TURN = re.compile(
    r"^[ \t]*(?:[*#>]+[ \t]*)?(?:user|human)[ \t]*\**:|^[ \t]*#+[ \t]*instruction\b"
    r"|<\|im_start\|>\s*user\b|<start_of_turn>\s*user\b|<\|start_header_id\|>\s*user\b",
    re.IGNORECASE | re.MULTILINE,
)
_OPENING = re.compile(
    r"(?:<\|im_start\|>\s*assistant\b|<start_of_turn>\s*model\b|<\|start\|>\s*assistant\b"
    r"|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|assistant\|>|<s>|<bos>|\[/INST\])",
)
_FENCE = re.compile(r"```[ \t]*\w*[ \t]*(?=\n|$)")
_BLANK = re.compile(f"[{GAP_CLASS}]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The part of a reply that counts. `silenced` says why nothing, or not all, of it does (else empty)."""

    text: str
    silenced: str


@dataclass(slots=True)
class _StrictObjects:
    """Finds where a strict JSON object ends, with a bound on the failures."""

    text: str
    failures: int = 0
    decoder: json.JSONDecoder = field(default_factory=json.JSONDecoder)

    def end_of(self, start: int) -> int | None:
        """One past the object that opens at `start`, or None where no strict object does."""
        if self.failures >= _STRICT_FAILURES or _OBJECT_START.match(self.text, start) is None:
            return None
        try:
            return self.decoder.raw_decode(self.text, start)[1]
        except (RecursionError, ValueError):  # no JSON, nested too deep, or a number of thousands of digits
            self.failures += 1
            return None


def spoken_part(raw: str) -> Spoken:
    """The text that counts by rule 2: of harmony the final channel, of anything else what is not thought."""
    channel = _first_open_mark(raw)
    if channel is None:
        return _without_thought(raw)
    finals = [content for name, content in _channels(raw[channel:]) if name == "final"]
    if not finals:
        return Spoken("", "no final channel")
    return _without_thought(SEAM.join(finals))


def _first_open_mark(text: str) -> int | None:
    """Where the first `<|channel|>` outside a strict object stands."""
    if "<|channel|>" not in text:
        return None
    strict = _StrictObjects(text)
    match = _CHANNEL_OR_BRACE.search(text)
    while match is not None:
        if match[0] != "{":
            return match.start()
        match = _CHANNEL_OR_BRACE.search(text, strict.end_of(match.start()) or match.end())
    return None


def _channels(text: str) -> list[tuple[str, str]]:
    """Name and content of each channel; a content ends where the next message starts."""
    channels = []
    for piece in text.split("<|channel|>")[1:]:
        head, mark, content = piece.partition("<|message|>")
        name = _CHANNEL_NAME.match(head)
        if name is None:
            continue
        if not mark:
            content = head[name.end() :]
        channels.append((name[1].lower(), content.split("<|start|>", 1)[0]))
    return channels


def _without_thought(text: str) -> Spoken:
    """Drop `<think>…</think>`: unclosed it runs to the end, a lone `</think>` closes from the start."""
    if "think>" not in text.lower():
        return Spoken(text, "")
    strict = _StrictObjects(text)
    kept: list[str] = []
    start = position = 0
    while match := _THINK_OR_BRACE.search(text, position):
        if match[0] == "{":
            position = strict.end_of(match.start()) or match.end()
        elif match[0].startswith("</"):
            kept.clear()
            start = position = match.end()
        else:
            kept.append(text[start : match.start()])
            closed = _THINK_END.search(text, match.end())
            if closed is None:
                return Spoken(SEAM.join(kept), "unclosed think")
            start = position = closed.end()
    kept.append(text[start:])
    return Spoken(SEAM.join(kept), "")


def user_turns(text: str) -> list[int]:
    """Where an invented user turn opens, in order."""
    return [match.start() for match in _USER_TURN.finditer(text)]


def end_without_tokens(text: str) -> int:
    """One past the last character that is not white space, a template token or a fence at the end."""
    end = len(text)
    while end:
        if _BLANK.match(text[end - 1]):
            end -= 1
        elif text.endswith("```", 0, end):
            end -= 3
        elif (start := _token_before(text, end)) is not None:
            end = start
        else:
            break
    return end


def _token_before(text: str, end: int) -> int | None:
    """Where the template token that ends at `end` begins."""
    for bar in ("|", "｜"):
        if text.endswith(bar + ">", 0, end):
            start = text.rfind("<" + bar, max(0, end - _TOKEN_REACH_CHARACTERS), end - 2)
            if start >= 0 and bar + ">" not in text[start : end - 1]:  # else another token ends between the two
                return start
    for token in (*ANGLE_TOKENS, *SQUARE_TOKENS, "</tool_call>"):
        if text.endswith(token, 0, end):
            return end - len(token)
    return None


def without_edges(text: str) -> str:
    """The text without template tokens, role headings, fences and white space at both ends."""
    text = text[: end_without_tokens(text)]
    start = 0
    while match := _OPENING.match(text, start) or _FENCE.match(text, start) or _BLANK.match(text, start):
        start = match.end()
    return text[start:]
