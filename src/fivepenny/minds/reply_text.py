"""The characters of a reply: what is taken out of a line, and how a phrase is compared.

Rules 9 (normal form of a phrase) and 12 to 14 (a spoken line) of the reply contract. It knows nothing of
objects, menus or verdicts. Every function is linear in its text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE_LIMIT_CHARACTERS = 160

# Control characters that are not white space (Unicode's notion: tab to carriage return, and next line, are).
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
# Zero-width characters, joiners, bidi controls, byte order mark, annotation and tag characters, and lone
# surrogates: nothing of it can be seen, and some of it turns or hides what stands beside it.
_ZERO_WIDTH = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_SURROGATE = "\ud800-\udfff"
# Variation selectors belong to emoji in a line; in a move they are only noise.
_VARIATION = "\ufe00-\ufe0f"

INVISIBLE_CLASS = _CONTROL + _ZERO_WIDTH + _SURROGATE
# Stands where something that does not count was cut out of a reply. A character that no text may hold keeps the words
# on either side from making one phrase; in a line it is white space, and between members of an object a gap.
SEAM_CHARACTER = "\ufdd0"
SEAM = f"\n{SEAM_CHARACTER}\n"
GAP_CLASS = rf"\s{INVISIBLE_CLASS}{SEAM_CHARACTER}"
_UNSEEN = re.compile(f"[{INVISIBLE_CLASS}]+")
_UNSEEN_IN_MOVE = re.compile(f"[{INVISIBLE_CLASS}{_VARIATION}]+")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")

ANGLE_TOKENS = (
    "<s>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>", "<<SYS>>", "<</SYS>>",
)  # fmt: skip
SQUARE_TOKENS = ("[INST]", "[/INST]")
_LONGEST_TOKEN_CHARACTERS = max(len(token) for token in ANGLE_TOKENS + SQUARE_TOKENS)
_TOKEN_PIECE = re.compile(r"<\||<｜|[>\]]|[^<>\]]+|<")
_BARS = "|｜"

_NUMBERING = re.compile(r"\d+[.)](?!\d)\s*")
_JOINS_WORDS = re.compile(r"[\s_:-]+")
_INNER_LETTERS = re.compile(r"[^\W_]", re.UNICODE)
# The Kelvin sign is the one look-alike that lower-casing turns into an ASCII letter.
_KEEP_APART = str.maketrans({"\u212a": "\u0138"})


@dataclass(frozen=True, slots=True)
class CleanedLine:
    """A line after rules 12 to 14. `text` is None where nothing is left; `lost` where more than white space went."""

    text: str | None
    lost: bool


def clean_line(text: str, slots: frozenset[str]) -> CleanedLine:
    """Apply rules 12 to 14: remove marks and stray braces, collapse white space, cut at the limit."""
    text = text.replace(SEAM, "\n")
    stripped = _strip_braces(strip_marks(text), slots)
    stripped = strip_tokens(stripped)  # braces may have kept a token apart
    lost = stripped != text
    collapsed = " ".join(stripped.split())
    if len(collapsed) > LINE_LIMIT_CHARACTERS:
        lost = True
        collapsed = _strip_braces(_cut_at_word(collapsed), slots)  # a cut may have gone through a slot
    return CleanedLine(collapsed or None, lost)


def strip_marks(text: str) -> str:
    """Remove ANSI sequences, invisible characters and template tokens, until none is left."""
    return strip_tokens(_UNSEEN.sub("", _ANSI.sub("", text)))


def strip_tokens(text: str) -> str:
    """Remove template tokens, those too that appear when an inner one goes (`<s<s>>`), in one pass."""
    if "<" not in text and "[" not in text:
        return text
    kept: list[str] = []  # single characters, so that a token can be taken back off the end
    opened: dict[str, list[int]] = {bar: [] for bar in _BARS}  # where `<|` and `<｜` stand in kept
    for match in _TOKEN_PIECE.finditer(text):
        piece = match[0]
        if len(kept) and piece[0] in _BARS and kept[-1] == "<":  # a bar that a removed token had kept apart
            opened[piece[0]].append(len(kept) - 1)
        elif piece in ("<|", "<｜"):
            opened[piece[1]].append(len(kept))
        kept.extend(piece)
        if piece in (">", "]"):
            start = _token_start(kept, opened)
            if start is not None:
                del kept[start:]
                for places in opened.values():
                    while places and places[-1] >= start:
                        places.pop()
    return "".join(kept)


def _token_start(kept: list[str], opened: dict[str, list[int]]) -> int | None:
    """Where the template token that ends at the end of `kept` begins, or None where there is none."""
    if len(kept) >= 2 and kept[-1] == ">" and kept[-2] in _BARS:
        places = opened[kept[-2]]
        if places and places[-1] + 1 < len(kept) - 2:
            return places[-1]
    tail = "".join(kept[-_LONGEST_TOKEN_CHARACTERS:])
    for token in ANGLE_TOKENS if kept[-1] == ">" else SQUARE_TOKENS:
        if tail.endswith(token):
            return len(kept) - len(token)
    return None


def _strip_braces(text: str, slots: frozenset[str]) -> str:
    """Remove every brace but those of an exact slot."""
    if "{" not in text and "}" not in text:
        return text
    names = "|".join(re.escape(name) for name in sorted(slots))
    pattern = rf"(\{{(?:{names})\}})|[{{}}]" if names else "()[{}]"
    return re.sub(pattern, lambda match: match[1] or "", text)


def _cut_at_word(text: str) -> str:
    """The words of `text` that end within the limit, or its first characters where none does."""
    space = text.rfind(" ", 0, LINE_LIMIT_CHARACTERS + 1)
    return text[:space] if space > 0 else text[:LINE_LIMIT_CHARACTERS]


def strip_marks_of_move(text: str) -> tuple[str, bool]:
    """A move without invisible characters and tokens, and whether a token stood in it (a loss, rule 9)."""
    seen = _UNSEEN_IN_MOVE.sub("", _ANSI.sub("", text))
    stripped = strip_tokens(seen)
    return stripped, stripped != seen


def lower(text: str) -> str:
    """Lower case without making one letter out of two that only look alike."""
    return text.translate(_KEEP_APART).lower()


def phrase_form(text: str) -> str:
    """The normal form of rule 9, of a text whose marks are gone: what two equal phrases share."""
    joined = trim_ends(_JOINS_WORDS.sub(" ", lower(text)))
    numbering = _NUMBERING.match(joined)
    return trim_ends(joined[numbering.end() :]) if numbering else joined


def trim_ends(text: str) -> str:
    """Without anything but letters and digits at both ends; a combining mark counts with its letter."""
    first = _INNER_LETTERS.search(text)
    if first is None:
        return ""
    end = len(text)
    while not text[end - 1].isalnum():
        end -= 1
    while end < len(text) and is_combining(text[end]):
        end += 1
    return text[first.start() : end]


def is_combining(character: str) -> bool:
    """Whether a character is written on top of the one before it (then a word does not end before it)."""
    return character > "\u02ff" and not character.isalnum() and _COMBINING.match(character) is not None


_COMBINING = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def ends_word(text: str, position: int) -> bool:
    """Whether no word goes on at `position`."""
    if position >= len(text):
        return True
    return not (text[position].isalnum() or is_combining(text[position]))


def lines_of(text: str) -> Iterator[str]:
    """The lines of a reply without the fences of code blocks and without seams."""
    for line in re.split(r"\r\n|[\n\r\u2028\u2029]", text):
        if line != SEAM_CHARACTER and not line.lstrip().startswith("```"):
            yield line
