"""Where a quoted string of a broken object ends, and what it says.

The quote rule (4) and the half escapes (5) of the reply contract. It knows nothing of keys that matter or of
moves, except for their names where an object starts over inside an unfinished string.

An object whose quotes are all escaped is read at level 1 (plain text is level 0): there a delimiter is written
with one backslash, and a quote inside a string with three.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from fivepenny.minds.reply_text import GAP_CLASS

MOVE_KEYS = ("moves", "move", "action", "actions", "choice", "choices", "answer")
SAY_KEYS = ("say", "speech", "line", "dialogue", "message")
ASIDE_KEY = "aside"
KEY_LIMIT_CHARACTERS = 64
BRACKET_REACH_CHARACTERS = 200

QUOTES = "\"“”„'‘’"
_CLOSERS = {'"': '"', "'": "'", "“": '“”"', "”": '“”"', "„": '“”"', "‘": "‘’'", "’": "‘’'"}
_CLOSER_PATTERNS = {closers: re.compile(f"[{closers}]") for closers in _CLOSERS.values()}

GAP = f"[{GAP_CLASS}]"
_GAPS = (re.compile(f"{GAP}*"), re.compile(f"(?:{GAP}|\\\\[nrt])*"))
_GAPS_AND_COMMAS = (re.compile(f"(?:{GAP}|,)*"), re.compile(f"(?:{GAP}|,|\\\\[nrt])*"))
_QUOTED_KEYS = tuple(
    re.compile(rf"{slash}([{QUOTES}])([^{QUOTES}\\\n{{}}\[\]]{{1,{KEY_LIMIT_CHARACTERS}}}){slash}[{QUOTES}]{gap}*:")
    for slash, gap in (("", GAP), (r"\\", f"(?:{GAP}|\\\\[nrt])"))
)
BARE_KEY = re.compile(rf"([^\W\d][\w-]{{0,{KEY_LIMIT_CHARACTERS}}}){GAP}*:")
_KNOWN_NAMES = "|".join((*MOVE_KEYS, *SAY_KEYS, ASIDE_KEY))
_KNOWN_BARE_KEY = re.compile(rf"(?:{_KNOWN_NAMES}){GAP}*:{GAP}*(?:[{QUOTES}\[]|null|None)", re.IGNORECASE)
# An object that starts over at the start of a line, inside a string that was never closed.
_STARTED_OVER = re.compile(rf"\n[ \t]*\{{\s*([{QUOTES}])(?:{'|'.join(MOVE_KEYS)})[{QUOTES}]\s*:", re.IGNORECASE)

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_HALF_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(u[0-9a-fA-F]{0,3}\Z|\Z)|(.))", re.DOTALL)
_LETTER_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class CutText:
    """A string that the end of the reply cut off; decoded only when asked for."""

    source: str
    start: int
    end: int
    level: int

    @property
    def text(self) -> str:
        """What stands, less a half escape."""
        text = self.source[self.start : self.end]
        for _ in range(self.level + 1):
            text = _unescape_cut(text)
        return text


@dataclass(frozen=True, slots=True)
class StringSpan:
    """A string as found: content from `start` to `end`, the reading goes on at `after`. `cut`: no end was found;
    `started_over`: another object starts at a line inside it, so that it is no string at all."""

    start: int
    end: int
    after: int
    cut: bool = False
    started_over: bool = False
    scanned: bool = True  # False where an earlier scan had already shown that no end follows


@dataclass(slots=True)
class StringReader:
    """Finds string ends in one text up to `end`."""

    text: str
    end: int
    work: int = 0  # characters looked at
    _endless_from: dict[tuple[str, int, bool], int] = field(default_factory=dict)
    _started_over: dict[str, list[int]] | None = None

    def skip(self, position: int, level: int) -> int:
        """Past white space and invisible characters."""
        return self._matched(_GAPS[level], position)

    def skip_commas(self, position: int, level: int) -> int:
        """Past white space and any number of commas."""
        return self._matched(_GAPS_AND_COMMAS[level], position)

    def _matched(self, pattern: re.Pattern[str], position: int) -> int:
        match = pattern.match(self.text, position, self.end)
        after = match.end() if match else position
        self.work += after - position + 1
        return after

    def opens_string(self, position: int, level: int) -> bool:
        """Whether a delimiter of this level stands at `position`."""
        if level:
            return self.text.startswith("\\", position) and self._char(position + 1) in _CLOSERS
        return self._char(position) in _CLOSERS

    def quoted_key(self, position: int, level: int) -> re.Match[str] | None:
        """A quoted key with its colon; group 2 is the key."""
        return _QUOTED_KEYS[level].match(self.text, position, self.end)

    def read(self, position: int, level: int, *, in_list: bool, bare_keys: bool) -> StringSpan:
        """The string whose delimiter stands at `position`."""
        start = position + level + 1
        closers = _CLOSERS[self.text[start - 1]]
        limit = self._start_over_after(start, closers)
        endless = (closers, level, in_list)
        if self._endless_from.get(endless, self.end + 1) <= start:
            return self._unclosed(start, limit, scanned=False)
        for match in _CLOSER_PATTERNS[closers].finditer(self.text, start, self.end):
            quote = match.start()
            if limit is not None and quote > limit:
                break
            if not self._is_delimiter(quote, start, level):
                continue
            if self._may_end(quote + 1, level, in_list=in_list, bare_keys=bare_keys):
                self.work += quote - start + 1
                return StringSpan(start, quote - level, quote + 1)
        else:
            if not bare_keys:
                self._endless_from[endless] = start
        return self._unclosed(start, limit, scanned=True)

    def _unclosed(self, start: int, limit: int | None, *, scanned: bool) -> StringSpan:
        stop = self.end if limit is None else limit
        self.work += stop - start + 1 if scanned else 1
        return StringSpan(start, stop, stop, cut=limit is None, started_over=limit is not None, scanned=scanned)

    def _is_delimiter(self, quote: int, start: int, level: int) -> bool:
        """Whether the backslashes before a quote leave it a delimiter."""
        slash = quote
        while slash > start and self.text[slash - 1] == "\\":
            slash -= 1
        slashes = quote - slash
        return slashes % 4 == 1 if level else slashes % 2 == 0

    def _may_end(self, position: int, level: int, *, in_list: bool, bare_keys: bool) -> bool:
        """The quote rule: whether what follows at `position` lets the string before it end."""
        after = self.skip(position, level)
        if after >= self.end:
            return True
        following = self.text[after]
        if following == "}":
            return True
        if following == "]":
            return in_list or (not self._bracket_spoken(position) and self._object_goes_on(after + 1, level))
        if following == ":":
            return in_list  # an item with a colon is a key: the list was never closed
        if following == ",":
            after = self.skip_commas(after, level)
            if in_list or after >= self.end or self.text[after] == "}":
                return True
            if self.quoted_key(after, level) is not None:
                return True
            bare = BARE_KEY if bare_keys else _KNOWN_BARE_KEY
            return bare.match(self.text, after, self.end) is not None
        if self.quoted_key(after, level) is not None:
            return True
        if in_list:
            return self._item_opens(after, level)
        return bare_keys and _KNOWN_BARE_KEY.match(self.text, after, self.end) is not None

    def _bracket_spoken(self, position: int) -> bool:
        """Whether the `]` that follows closes a bracket of the line itself."""
        recent = self.text[max(0, position - BRACKET_REACH_CHARACTERS) : position]
        return recent.rfind('["') > recent.rfind("]")

    def _object_goes_on(self, position: int, level: int) -> bool:
        """Whether a stray `]` after a value is followed by what may follow a value."""
        after = self.skip_commas(position, level)
        return after >= self.end or self.text[after] == "}" or self.quoted_key(after, level) is not None

    def _item_opens(self, position: int, level: int) -> bool:
        """Whether a further item opens at `position` though no comma stands before it."""
        if self.text[position] in "{[":
            return True
        if not self.opens_string(position, level):
            return False
        after = self.skip(position + level + 1, level)
        return after < self.end and self.text[after] not in ",]}:"

    def _start_over_after(self, start: int, closers: str) -> int | None:
        """Where, after `start`, an object starts over that is quoted like the string itself."""
        if self._started_over is None:
            self._started_over = {}
            for match in _STARTED_OVER.finditer(self.text, 0, self.end):
                self._started_over.setdefault(_CLOSERS[match[1]], []).append(match.start())
        places = self._started_over.get(closers, [])
        index = bisect_left(places, start)
        return places[index] if index < len(places) else None

    def _char(self, position: int) -> str:
        return self.text[position] if position < self.end else ""


def unescape(text: str, level: int) -> str:
    """What a string says, its escapes resolved (at level 1: twice). An unknown escape of a letter stays."""
    for _ in range(level + 1):
        if "\\" in text:
            text = _joined_surrogates(_ESCAPE.sub(lambda match: _escaped(match[1], match[2]), text))
    return text


def _unescape_cut(text: str) -> str:
    if "\\" not in text:
        return text
    text = _HALF_ESCAPE.sub(lambda match: "" if match[2] is not None else _escaped(match[1], match[3]), text)
    text = _joined_surrogates(text)
    return text[:-1] if "\ud800" <= text[-1:] <= "\udbff" else text


def _escaped(code: str | None, character: str) -> str:
    if code:
        return chr(int(code, 16))
    if character in _LETTER_ESCAPES:
        return _LETTER_ESCAPES[character]
    return "\\" + character if character.isalnum() else character


def _joined_surrogates(text: str) -> str:
    """Two escaped halves of one character joined; a lone half stays (rule 12 removes it)."""
    if re.search("[\ud800-\udbff][\udc00-\udfff]", text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
