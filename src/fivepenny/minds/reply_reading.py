"""Reads one broken object or list with the repairs of rule 4, on an explicit stack.

It stops where no rule repairs, and then everything on the stack is unfinished. It knows nothing of where to start,
or of what to make of what it found.
"""

import re

from fivepenny.minds.reply_strings import BARE_KEY, CutText, StringReader, StringSpan, unescape
from fivepenny.minds.reply_values import BareText, Items, Node, Value

_BARE_STOP_IN_LIST = re.compile(r"[,\]}{\[\n\"“”]")
_BARE_STOP_IN_OBJECT = re.compile(r"[,}{\[\n\"“”]")
_SLOT = re.compile(r"\{\w{1,32}\}")
_NUMBER = re.compile(r"[-+]?\d[\d.eE+-]*\Z")
_WORDS: dict[str, bool | None] = {
    "null": None, "None": None, "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip
_STRAY_KEY = re.compile(r"[A-Za-z_][A-Za-z_ -]{0,30}")


class _Failed(Exception):
    """The reading can go no further here: the end, or what no rule repairs."""


class Reading:
    """One tolerant reading from one opener."""

    def __init__(self, strings: StringReader, level: int) -> None:
        self.text = strings.text
        self.end = strings.end
        self.strings = strings
        self.level = level
        self.opened: list[Node | Items] = []
        self.spans: list[tuple[StringSpan, bool]] = []
        self.stack: list[Node | Items] = []
        self.position = 0

    def run(self, start: int) -> Node | Items:
        """The node or list at `start`; its `end` is None where the reading failed."""
        self.position = start
        root = self._open()
        try:
            while self.stack:
                top = self.stack[-1]
                if isinstance(top, Items):
                    self._item(top)
                else:
                    self._member(top)
        except _Failed:
            pass
        return root

    def _open(self) -> Node | Items:
        """Push what opens at the position; its holder gets it at once, so that nothing is lost in a failure."""
        top = self.stack[-1] if self.stack else None
        if isinstance(top, Items):
            owner, key = top.owner, top.owner_key
        else:
            owner, key = top, top.members[-1][0] if top is not None and top.members else ""
        new: Node | Items
        if self.text[self.position] == "{":
            new = Node(self.position, owner=owner, owner_key=key, in_list=isinstance(top, Items))
        else:
            new = Items(self.position, owner=owner, owner_key=key)
        self._give(new)
        self.stack.append(new)
        self.opened.append(new)
        self.position += 1
        return new

    def _give(self, value: Value) -> None:
        top = self.stack[-1] if self.stack else None
        if isinstance(top, Items):
            top.items.append(value)
        elif top is not None:
            top.members[-1] = (top.members[-1][0], value)

    def _close(self, top: Node | Items) -> None:
        self.position += 1
        top.end = self.position
        self.stack.pop()

    def _member(self, node: Node) -> None:
        """One key with its value, or the closing brace."""
        self.position = self.strings.skip_commas(self.position, self.level)
        if self.position >= self.end:
            raise _Failed
        if self.text[self.position] == "}":
            self._close(node)
            return
        if self.text[self.position] == "]":  # doubled bracket
            self.position += 1
            return
        quoted = self.strings.quoted_key(self.position, self.level)
        bare = None if quoted else BARE_KEY.match(self.text, self.position, self.end)
        match = quoted or bare
        if match is None:
            raise _Failed
        self.position = match.end()
        node.members.append((unescape(match[2] if quoted else match[1], 0), None))
        self._member_value(bare_keys=bare is not None)

    def _member_value(self, *, bare_keys: bool) -> None:
        self.position = self.strings.skip(self.position, self.level)
        if self.position >= self.end:
            raise _Failed
        character = self.text[self.position]
        if character in "{[":
            self._open()
        elif self.strings.opens_string(self.position, self.level):
            self._give(self._string(in_list=False, bare_keys=bare_keys))
        elif character not in ",}":
            self._bare(in_list=False)

    def _item(self, items: Items) -> None:
        """One item, or the closing bracket; a brace or a key shows that the bracket is missing."""
        self.position = self.strings.skip_commas(self.position, self.level)
        if self.position >= self.end:
            raise _Failed
        character = self.text[self.position]
        if character == "]":
            self._close(items)
        elif character == "}":
            self._abandon(items)
        elif character in "{[":
            self._open()
        elif self.strings.opens_string(self.position, self.level):
            key = self.strings.quoted_key(self.position, self.level)
            if key is not None:
                if _STRAY_KEY.fullmatch(key[2]) is None:
                    raise _Failed
                self._abandon(items)
            else:
                self._give(self._string(in_list=True, bare_keys=False))
        else:
            self._bare(in_list=True)

    def _abandon(self, items: Items) -> None:
        """Close a list whose bracket is missing; only an object can go on after it."""
        if len(self.stack) < 2 or not isinstance(self.stack[-2], Node):
            raise _Failed
        items.end = self.position
        self.stack.pop()

    def _string(self, *, in_list: bool, bare_keys: bool) -> Value:
        span = self.strings.read(self.position, self.level, in_list=in_list, bare_keys=bare_keys)
        if span.scanned:
            self.spans.append((span, in_list))
        self.position = span.after
        if span.started_over:
            raise _Failed
        if span.cut:
            return CutText(self.text, span.start, span.end, self.level)
        if in_list and self._colon_follows():
            raise _Failed
        return unescape(self.text[span.start : span.end], self.level)

    def _colon_follows(self) -> bool:
        after = self.strings.skip(self.position, self.level)
        return after < self.end and self.text[after] == ":"

    def _bare(self, *, in_list: bool) -> None:
        """A value without quotes: a word of JSON or Python, a number, or a phrase."""
        start = self.position
        stop = self._bare_end(start, in_list=in_list)
        self.strings.work += stop - start + 1
        self.position = stop
        if stop >= self.end:
            self._give(CutText(self.text, start, stop, self.level))
            raise _Failed
        word = self.text[start:stop].strip()
        if not word:
            raise _Failed
        if word in _WORDS:
            self._give(_WORDS[word])
        else:
            self._give(0 if _NUMBER.match(word) else BareText(word))

    def _bare_end(self, start: int, *, in_list: bool) -> int:
        pattern = _BARE_STOP_IN_LIST if in_list else _BARE_STOP_IN_OBJECT
        position = start
        while match := pattern.search(self.text, position, self.end):
            stop = match.start()
            character = match[0]
            if character == "{" and (slot := _SLOT.match(self.text, stop, self.end)):
                position = slot.end()
                continue
            if in_list or character == "}":
                return stop
            if character in "{[":
                raise _Failed
            after = self.strings.skip_commas(stop, self.level) if character in ",\n" else stop
            if after >= self.end or self.text[after] == "}" or self._key_at(after):
                return stop
            position = max(after, match.end())
        return self.end

    def _key_at(self, position: int) -> bool:
        if self.strings.quoted_key(position, self.level) is not None:
            return True
        return BARE_KEY.match(self.text, position, self.end) is not None
