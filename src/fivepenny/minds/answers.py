"""How a chat completion is read: what was said, what it cost, and how sure the model was of each token.

A server tells what it likes, in fields of its own choosing; what it does not tell, or tells in nonsense, counts as
not told. It knows no HTTP and no requests, and of a reply only which part of it is thought and which is speech.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fivepenny.minds.mind import TokenOdds
from fivepenny.minds.patience import Cause, Fault
from fivepenny.minds.reply_channels import spoken_part
from fivepenny.minds.reply_text import SEAM_CHARACTER

MOST_TOKENS_TOLD = 2**31
MOST_ALTERNATIVES = 20
"""What OpenAI allows at a token; several servers refuse more."""
MOST_ODDS = 2048
"""Tokens whose odds are kept: more than any reply of ours, its thought included, may have."""
ODDS_TEXT_LENGTH_MAX = 120
MATCHED_LENGTH = 32

# A template writes these two marks, one after the other, to keep a model from thinking.
_NO_THOUGHT = re.compile(r"<think>\s*</think>", re.IGNORECASE)
_THOUGHT_FIELDS = ("reasoning_content", "reasoning")
_ROUNDING = 1e-3
_MILLISECONDS = 1000.0


@dataclass(frozen=True, slots=True)
class Said:
    """A server's reply: its speech without its thought, and the server's own figures, None where it gives none.

    `thought` says whether it thought aloud, or was charged for thinking. `first_seconds` is the time to the first
    token: llama.cpp tells it (`timings.prompt_ms`, the time that it took to read the prompt); elsewhere it is not known
    without streaming. `odds` begin with the speech.
    """

    text: str
    prompt_tokens: int | None
    completion_tokens: int | None
    cached_tokens: int | None = None
    first_seconds: float | None = None
    thought: bool = False
    odds: tuple[TokenOdds, ...] = ()

    @property
    def thought_only(self) -> bool:
        """Whether thinking is all that came."""
        return self.thought and not self.text


def read_answer(answer: Mapping[str, Any], alternatives: int = 0) -> Said | Fault:
    """The reply in a chat completion, with the odds of its tokens where so many alternatives were asked for.

    A null content is an empty reply: the model spoke, to nobody.
    """
    choices = answer.get("choices")
    if not isinstance(choices, list):
        return Fault(Cause.OTHER_SHAPE)
    if not choices:
        return Fault(Cause.NO_CHOICES)
    choice = choices[0]
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("content", 0), str | None):
        return Fault(Cause.OTHER_SHAPE)
    usage, timings = _object(answer, "usage"), _object(answer, "timings")
    text, thought = _speech(message["content"] or "")
    prompt_tokens = _count(usage.get("prompt_tokens"))
    return Said(
        text,
        prompt_tokens,
        _count(usage.get("completion_tokens")),
        _cached(usage, prompt_tokens),
        _seconds(timings.get("prompt_ms")),
        thought or _thought_beside(message, usage),
        _odds(choice, text, min(alternatives, MOST_ALTERNATIVES)) if alternatives > 0 else (),
    )


def _object(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    child = parent.get(name)
    return child if isinstance(child, dict) else {}


def _speech(content: str) -> tuple[str, bool]:
    """The part of a content that is not thought, and whether some was."""
    open_part = _NO_THOUGHT.sub("", content)
    spoken = spoken_part(open_part).text
    if spoken == open_part:
        return (content if open_part == content else open_part.strip()), False
    return spoken.strip(f" \t\r\n{SEAM_CHARACTER}"), True


def _thought_beside(message: Mapping[str, Any], usage: Mapping[str, Any]) -> bool:
    """Whether a thought stands beside the content, or was charged for and is shown to nobody."""
    told = [message.get(name) for name in _THOUGHT_FIELDS]
    charged = _count(_object(usage, "completion_tokens_details").get("reasoning_tokens"))
    return bool(charged) or any(isinstance(text, str) and text.strip() for text in told)


def _count(value: object) -> int | None:
    counted = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_TOKENS_TOLD
    return value if counted and isinstance(value, int) else None


def _cached(usage: Mapping[str, Any], prompt_tokens: int | None) -> int | None:
    """Tokens of the prompt out of a cache, by OpenAI's name for them or by DeepSeek's."""
    for told in (_object(usage, "prompt_tokens_details").get("cached_tokens"), usage.get("prompt_cache_hit_tokens")):
        cached = _count(told)
        if cached is not None and prompt_tokens is not None and cached <= prompt_tokens:
            return cached
    return None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return None if math.isnan(number) else number


def _seconds(milliseconds: object) -> float | None:
    number = _number(milliseconds)
    return number / _MILLISECONDS if number is not None and 0 <= number < math.inf else None


def _odds(choice: Mapping[str, Any], text: str, alternatives: int) -> tuple[TokenOdds, ...]:
    """The odds of the speech's tokens; none where the server's list of them cannot be that."""
    rows = _object(choice, "logprobs").get("content")
    if not isinstance(rows, list) or len(rows) > MOST_ODDS:
        return ()
    told = [_token_odds(row, alternatives) for row in rows]
    read = [odds for odds in told if odds is not None]
    return tuple(_from_speech(read, text)) if len(read) == len(rows) else ()


def _token_odds(row: object, alternatives: int) -> TokenOdds | None:
    """One token, its likeliest alternatives, and itself after them where it is none of these."""
    own = _pair(row)
    if own is None or not isinstance(row, dict):
        return None
    tops = row.get("top_logprobs")
    pairs = [_pair(top) for top in tops[:alternatives]] if isinstance(tops, list) else []
    odds = [pair for pair in pairs if pair is not None]
    if own[0] not in [text for text, _ in odds]:
        odds.append(own)
    return TokenOdds(own[0], tuple(odds))


def _pair(row: object) -> tuple[str, float] | None:
    """A token's text and its probability."""
    text, logarithm = (row.get("token"), _number(row.get("logprob"))) if isinstance(row, dict) else (None, None)
    if not isinstance(text, str) or len(text) > ODDS_TEXT_LENGTH_MAX or logarithm is None or logarithm > _ROUNDING:
        return None
    return text, min(1.0, math.exp(logarithm))


def _from_speech(tokens: Sequence[TokenOdds], text: str) -> Sequence[TokenOdds]:
    """The tokens without those before the speech: a thought is listed with the rest wherever it is shown."""
    joined = "".join(token.text for token in tokens)
    # Some servers list a letter that is spread over several tokens as nothing; then its beginning has to do.
    place = joined.rfind(text if text in joined else text[:MATCHED_LENGTH])
    for index, token in enumerate(tokens):
        place -= len(token.text)
        if place < 0:
            return tokens[index:]
    return tokens
