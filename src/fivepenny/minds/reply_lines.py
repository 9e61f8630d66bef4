"""Answers without an object: lists of strings, lines `key: value`, and lists in plain lines.

Rule 7 of the reply contract, as far as it is layout. It finds the strings that stand where moves and a line are
due, and knows nothing of menus.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile

from fivepenny.minds.reply_objects import find_lists
from fivepenny.minds.reply_strings import ASIDE_KEY, MOVE_KEYS, QUOTES, SAY_KEYS, CutText, StringReader, unescape
from fivepenny.minds.reply_text import lines_of
from fivepenny.minds.reply_values import BareText, Items, Value, lists_in

_BULLET = re.compile(r"\s*(?:[-*+•‣▪·–—]\s+|\(?\d{1,3}[.)](?!\d)\s*)(?=\S)")
_KEY_LINE = re.compile(
    r"(?P<indent>\s{0,40})(?P<bullet>(?:[-*+•]|\d{1,3}[.)])\s{1,8})?(?:[#>]{1,6}\s{1,8})?(?P<mark>\*\*|__|\*|_|`|)"
    rf"[{QUOTES}]?(?P<key>[A-Za-z][A-Za-z_ -]{{0,30}}?)[{QUOTES}]?(?:(?P=mark)\s{{0,8}}:|\s{{0,8}}:(?P=mark))"
    r"\s*(?P<value>.*)",
    re.DOTALL,
)
_BLOCK_MARK = re.compile(r"[|>][+-]?\d?[+-]?\Z")
_QUOTED_LIST = re.compile(rf"\[\s*[{QUOTES}]")
_QUOTE_AT_WORD_EDGE = re.compile(rf"(?<!\w)[{QUOTES}]|[{QUOTES}](?!\w)")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_EMPTY_WORDS = frozenset(("", "null", "Null", "NULL", "None", "~"))


@dataclass(slots=True)
class _Entry:
    """A key with its value and the lines after it, up to the next key."""

    key: str
    value: str
    indent: int
    following: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fields:
    """What a reply holds under the names that matter; a missing one is None.

    `say_is_other`: the line is there, but as something that is no string.
    """

    moves: Value
    say: str | None
    aside: str | None
    say_is_other: bool = False


def key_lines(text: str) -> Fields | None:
    """The fields of a reply in lines `key: value`, or None where no line has a moves key."""
    entries: dict[str, _Entry] = {}
    current: _Entry | None = None
    for line in lines_of(text):
        entry = _entry(line, current)
        if entry is not None:
            if entry.key in MOVE_KEYS and entry.key in entries:  # the reply starts over
                entries.clear()
            current = entries[entry.key] = entry
            continue
        if current is not None:
            current.following.append(line)
    moves = next((entries[key] for key in MOVE_KEYS if key in entries), None)
    if moves is None:
        return None
    say = next((entries[key] for key in SAY_KEYS if key in entries), None)
    aside = entries.get(ASIDE_KEY)
    spoken, is_other = (None, False) if say is None else _line_of(say)
    return Fields(_moves_of(moves), spoken, _line_of(aside)[0] if aside else None, is_other)


def _entry(line: str, current: _Entry | None) -> _Entry | None:
    """The entry that a line opens; items of a list of moves open none."""
    match = _KEY_LINE.match(line)
    if match is None:
        return None
    key = match["key"].strip().lower()
    known = key in MOVE_KEYS or key in SAY_KEYS or key == ASIDE_KEY
    if not known and match["bullet"]:
        return None
    in_open_moves = current is not None and current.key in MOVE_KEYS and not current.value
    if in_open_moves and match["bullet"] and key in MOVE_KEYS:
        return None
    return _Entry(key, match["value"].strip(), len(match["indent"]))


def _moves_of(entry: _Entry) -> Value:
    """The strings under a moves key: a flow list, a scalar, or bulleted lines."""
    if entry.value.startswith("["):
        text = "\n".join((entry.value, *entry.following))
        found = find_lists(text, len(text))
        flow = [*found.whole, *found.unfinished]
        if flow and flow[0].start == 0:
            return flow[0]
    if entry.value:
        return None if entry.value in _EMPTY_WORDS else _unquoted(entry.value)
    lines = [line for line in entry.following if line.strip()]
    bulleted = list(takewhile(_BULLET.match, lines))
    if bulleted:
        return Items(0, [_item_of(line) for line in bulleted])
    return lines[0].strip() if lines else None


def _item_of(line: str) -> str:
    """A bulleted item; `- move: buy rye` is a move that is an object with a moves key."""
    match = _KEY_LINE.match(line)
    if match is not None and match["key"].strip().lower() in MOVE_KEYS:
        return match["value"]
    bullet = _BULLET.match(line)
    return line[bullet.end() :] if bullet else line


def _line_of(entry: _Entry) -> tuple[str | None, bool]:
    """The string of an entry, and whether something other than a string stands there."""
    value = entry.value
    block = _BLOCK_MARK.match(value) is not None
    if value and not block:
        more = takewhile(lambda line: line.strip() and _indent_of(line) > entry.indent, entry.following)
        value = "\n".join((value, *more))
    else:
        lines = list(dropwhile(lambda line: not line.strip(), entry.following))
        if lines and not block and _BULLET.match(lines[0]):
            return None, True
        kept = takewhile(lambda line: not line.strip() or _indent_of(line) > entry.indent, lines)
        value = "\n".join(kept if block else takewhile(str.strip, lines)).strip()
    if value in _EMPTY_WORDS:
        return None, False
    if _QUOTED_LIST.match(value) and not block:
        return None, True
    return _unquoted(value), False


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())


def _unquoted(value: str) -> str:
    """A scalar without the quotes that enclose it whole, and without the comma of a list of members."""
    bare = value.rstrip(",")
    strings = StringReader(bare, len(bare))
    if not strings.opens_string(0, 0):
        return value
    span = strings.read(0, 0, in_list=False, bare_keys=False)
    if span.cut or span.started_over or span.after != len(bare):
        return value
    content = bare[span.start : span.end]
    if _QUOTE_AT_WORD_EDGE.search(_ESCAPED.sub("", content)):  # `"Rye," he said, "is dear."` is not enclosed
        return value
    return unescape(content, 0)


def last_list_of_strings(text: str, is_phrase: Callable[[str], bool]) -> Items | None:
    """The last list of strings of a text; of unquoted ones only if each is a phrase of the menu."""
    found = find_lists(text, len(text))
    for lists in (found.whole, found.unfinished):
        for items in reversed(lists):
            if isinstance(items, Items) and _is_of_strings(items, is_phrase):
                return items
    return None


def _is_of_strings(items: Items, is_phrase: Callable[[str], bool]) -> bool:
    leaves = list(lists_in(items))
    strings = [leaf for leaf in leaves if isinstance(leaf, (str, CutText))]
    if not strings or any(leaf is not None and not isinstance(leaf, (str, CutText)) for leaf in leaves):
        return False
    if any(_is_quoted(leaf) for leaf in strings):
        return True
    return all(is_phrase(leaf.text if isinstance(leaf, CutText) else leaf) for leaf in strings)


def _is_quoted(leaf: str | CutText) -> bool:
    if isinstance(leaf, CutText):
        return leaf.source[leaf.start - 1] in QUOTES
    return not isinstance(leaf, BareText)


def bulleted_lines(text: str) -> list[str] | None:
    """The items of a reply in which every line is a list item; else None."""
    lines = [line for line in lines_of(text) if line.strip()]
    matches = [_BULLET.match(line) for line in lines]
    if not lines or not all(matches):
        return None
    return [line[match.end() :] for line, match in zip(lines, matches, strict=True) if match]
