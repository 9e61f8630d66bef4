"""Finds the objects and lists of a reply, whole or broken, without knowing which of them is the answer.

Rules 1, 4 and 5 of the reply contract, as far as they are syntax. A strict JSON reader is tried first at each
place; where it fails, a reader with an explicit stack (no recursion) repairs what rule 4 lists. A library that
repairs JSON is not used: those close, drop and guess where the contract refuses.

The work is bounded: every brace is opened at most once, and all tries together look at no more than
`WORK_FACTOR` times the length of the text; what lies beyond is then left unread.
"""

import json
import re
from dataclasses import dataclass, field

from fivepenny.minds.reply_reading import Reading
from fivepenny.minds.reply_strings import GAP, QUOTES, StringReader
from fivepenny.minds.reply_values import Items, Node, Value

WORK_FACTOR = 24
_WORK_FLOOR_CHARACTERS = 10_000
_RECURSION_COST_CHARACTERS = 10_000
# A failure of the strict reader counts the lines before it; after so many it is asked no more.
_STRICT_FAILURES = 500

# An object opens before a key or its end; before another brace it is a brace doubled.
_HOPEFUL = re.compile(rf"\[|\{{(?:{GAP}|,|\\[nrt])*[{QUOTES}\\\w}}\]]")
_STRICT_START = re.compile(r'\[|\{\s*(?:"(?:[^"\\]|\\.){0,256}"\s*:|\})')
_ESCAPED_QUOTE = re.compile(rf"[{{\[](?:\s|[{{\[]|\\[nrt])*\\[{QUOTES}]")


@dataclass(slots=True)
class Found:
    """What one search found, in the order of the text: outermost whole ones, and unfinished ones."""

    whole: list[Node | Items] = field(default_factory=list)
    unfinished: list[Node | Items] = field(default_factory=list)


def find_objects(text: str, end: int) -> Found:
    """The objects of `text` up to `end`."""
    return _Search(text, end, "{").run()


def find_lists(text: str, end: int) -> Found:
    """The lists of `text` up to `end`."""
    return _Search(text, end, "[").run()


class _Search:
    """One search over one text, for objects or for lists."""

    def __init__(self, text: str, end: int, opener: str) -> None:
        self.text = text
        self.end = end
        self.opener = opener
        self.strings = StringReader(text, end)
        self.strict_failures = 0
        self.visited: dict[int, Node | Items] = {}
        self.found = Found()
        # Marks the strings of failed tries: braces there are speech, unless they are quoted as the string is.
        self.shadow = bytearray(end)
        self.limit = WORK_FACTOR * end + _WORK_FLOOR_CHARACTERS
        self.decoder = json.JSONDecoder(
            object_pairs_hook=_strict_node, parse_int=_zero, parse_float=_zero, parse_constant=_zero, strict=False
        )

    def run(self) -> Found:
        """Try every opener from the left; a whole one hides what lies inside it."""
        position = self.text.find(self.opener, 0, self.end)
        while position >= 0:
            seen = self.visited.get(position)
            if seen is None and self.strings.work < self.limit and self._may_open(position):
                seen = self._strict(position) or self._tolerant(position)
            after = seen.end if seen is not None and seen.end is not None else position + 1
            position = self.text.find(self.opener, after, self.end)
        self.found.whole = _outermost(self.found.whole)
        self.found.unfinished.sort(key=lambda node: node.start)
        return self.found

    def _may_open(self, position: int) -> bool:
        """Whether what follows an opener can be a member or an item; inside a string of a failed try, only if it
        is quoted as that string is."""
        if _HOPEFUL.match(self.text, position, self.end) is None:
            return False
        shadow = self.shadow[position]
        if not shadow:
            return True
        after = self.strings.skip(position + 1, 0)
        quote = self.text[after : after + 1]
        if not quote or QUOTES.find(quote) < 0 or _shadow_of(quote) != shadow & ~1:
            return False
        line = self.text[max(0, position - 64) : position].rpartition("\n")
        return bool(shadow & 1) or (bool(line[1]) and not line[2].strip())

    def _strict(self, start: int) -> Node | Items | None:
        """A whole strict JSON value at `start`, or None."""
        if self.strict_failures >= _STRICT_FAILURES or _STRICT_START.match(self.text, start) is None:
            return None
        try:
            value, end = self.decoder.raw_decode(self.text, start)
            node = value if isinstance(value, Node) else Items(start, [_strict_value(item) for item in value])
        except json.JSONDecodeError as error:
            self.strict_failures += 1
            self.strings.work += max(error.pos - start, 1)
            return None
        except (RecursionError, ValueError):  # nested too deep, or a number of thousands of digits
            self.strict_failures += 1
            self.strings.work += _RECURSION_COST_CHARACTERS
            return None
        self.strings.work += end - start
        if end > self.end:
            return None
        node.start, node.end = start, end
        self.found.whole.append(node)
        return node

    def _tolerant(self, start: int) -> Node | Items:
        """Read with repairs; file what came whole and what did not."""
        escaped = _ESCAPED_QUOTE.match(self.text, start, min(self.end, start + 64)) is not None
        reading = Reading(self.strings, level=int(escaped))
        root = reading.run(start)
        self.visited.update((node.start, node) for node in reading.opened)
        unfinished = {id(node) for node in reading.opened if node.end is None}
        if root.end is not None:
            self.found.whole.append(root)
            return root
        wanted = Node if self.opener == "{" else Items
        if isinstance(root, Items):  # it holds whatever else did not end
            self.found.unfinished.append(root)
        for node in reading.opened:
            if node.end is None:
                if isinstance(node, Node) and self.opener == "{":
                    self.found.unfinished.append(node)
            elif isinstance(node, wanted) and (node.owner is None or id(node.owner) in unfinished):
                self.found.whole.append(node)
        for span, in_list in reading.spans:
            kind = _shadow_of(self.text[span.start - 1]) | in_list
            self.shadow[span.start : span.end] = bytes((kind,)) * (span.end - span.start)
        return root


def _outermost(nodes: list[Node | Items]) -> list[Node | Items]:
    """In the order of the text, without those that lie inside another."""
    kept: list[Node | Items] = []
    for node in sorted(nodes, key=lambda node: node.start):
        if not kept or node.start >= (kept[-1].end or 0):
            kept.append(node)
    return kept


def _zero(_: str) -> int:
    """Stands for any number: none can be a move or a line."""
    return 0


def _strict_node(pairs: list[tuple[str, object]]) -> Node:
    return Node(0, 0, [(key, _strict_value(value)) for key, value in pairs])


def _strict_value(value: object) -> Value:
    """A value of the strict reader as ours; depth is bounded by the strict reader's own limit."""
    if isinstance(value, list):
        return Items(0, [_strict_value(item) for item in value], 0)
    if value is None or isinstance(value, (bool, int, str, Node)):
        return value
    raise TypeError(f"no JSON value: {type(value).__name__}")


def _shadow_of(quote: str) -> int:
    """The mark of a string in the shadow, by its kind of quote; the lowest bit is left for lists."""
    return 2 if quote == '"' else 4 if quote in "'‘’" else 6
