"""Which phrases of a menu a text names: rules 8 to 11 of the reply contract.

Nothing here guesses: a phrase matches in its normal form or not at all. It knows nothing of objects, of lines
to be spoken, or of what a phrase does in the world.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fivepenny.minds.reply_text import ends_word, lower, phrase_form, strip_marks, strip_marks_of_move

_SPLIT = re.compile(r"[,;\n\r]")
_AND = re.compile(r"\sand\s")
_LEADING_AND = re.compile(r"\A\s*and(?:\s+|\Z)")
_SPACES = re.compile(r"[\s_:-]+")
_SENTENCE_END = re.compile(r"[.!?\n\r]")
_NEGATION = re.compile(r"\b(?:not|cannot|never)\b|n['’]t\b|\binstead\s+of\b|\brather\s+than\b")
_BETWEEN_PHRASES = re.compile(r"[\W_]*(?:\d{1,3}[.)](?!\d)[\W_]*)?(?:and(?![^\W_])[\W_]*)?")


@dataclass(frozen=True, slots=True)
class Part:
    """One string that may name moves (None: something that is no string); `cut` where the end of the reply cut it."""

    text: str | None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Moves as they stand on the menu, in order and without repeats; `lost` where something was dropped."""

    moves: tuple[str, ...]
    lost: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """The one phrase that prose names, or why there is none."""

    move: str | None
    reason: str


class Phrases:
    """A menu, ready to be compared with what a mind wrote."""

    def __init__(self, menu: Sequence[str], max_moves: int) -> None:
        self._max_moves = max_moves
        self._by_form: dict[str, str] = {}
        for phrase in menu:
            form = phrase_form(strip_marks_of_move(phrase)[0])
            if form:
                self._by_form.setdefault(form, phrase)

    def select(self, parts: Iterable[Part]) -> Selection:
        """Match each part, collapse repeats, keep the first `max_moves`."""
        chosen: list[str] = []
        lost = False
        for part in parts:
            moves, part_lost = self._match(part)
            chosen.extend(moves)
            lost = lost or part_lost
        return self._selection(chosen, lost)

    def _selection(self, moves: list[str], lost: bool) -> Selection:
        chosen = tuple(dict.fromkeys(moves))
        kept = chosen[: max(self._max_moves, 0)]
        return Selection(kept, lost or len(kept) < len(chosen))

    def exact(self, text: str) -> bool:
        """Whether a text is one phrase of the menu."""
        return phrase_form(strip_marks_of_move(text)[0]) in self._by_form

    def _match(self, part: Part) -> tuple[list[str], bool]:
        """The moves that one string names, and whether anything of it was dropped."""
        if part.text is None:
            return [], True
        text, lost = strip_marks_of_move(part.text)
        form = phrase_form(text)
        if not form:
            return [], lost
        whole = self._cut_exact(form) if part.cut else self._by_form.get(form)
        if whole is not None:
            return [whole], lost
        moves: list[str] = []
        pieces = self._pieces(text)
        for index, piece in enumerate(pieces):
            cut = part.cut and index == len(pieces) - 1
            move = self._cut_exact(piece) if cut else self._by_form.get(piece)
            if move is None and piece:
                lost = True
                move = None if cut else self._by_prefix(piece)
            if move is not None:
                moves.append(move)
        return moves, lost

    def _pieces(self, text: str) -> list[str]:
        """The normal forms of the parts of a joined string; a part that is a phrase is not split at its `and`."""
        pieces: list[str] = []
        for index, part in enumerate(_SPLIT.split(text)):
            spaced = _SPACES.sub(" ", lower(part))
            if index:
                spaced = _LEADING_AND.sub("", spaced)
            form = phrase_form(spaced)
            if form in self._by_form:
                pieces.append(form)
            else:
                pieces.extend(phrase_form(piece) for piece in _AND.split(spaced))
        return pieces

    def _cut_exact(self, form: str) -> str | None:
        """A cut move counts only if it is one phrase and begins no other (rule 5)."""
        if any(other != form and other.startswith(form) for other in self._by_form):
            return None
        return self._by_form.get(form)

    def _by_prefix(self, form: str) -> str | None:
        """The phrase that alone begins the text at a word boundary (rule 10)."""
        found = [
            phrase for other, phrase in self._by_form.items() if form.startswith(other) and ends_word(form, len(other))
        ]
        return found[0] if len(found) == 1 else None

    def nothing_but(self, text: str) -> Selection | None:
        """The moves of a reply that is nothing but menu phrases; None where it holds anything else, or where
        it can be read in two ways."""
        stripped, lost = strip_marks_of_move(text)
        whole = self._by_form.get(phrase_form(stripped))
        if whole is not None:
            return self._selection([whole], lost)
        pieces = [piece for piece in self._pieces(stripped) if piece]
        if pieces and all(piece in self._by_form for piece in pieces):
            return self._selection([self._by_form[piece] for piece in pieces], lost)
        tiled = self._tiled(_SPACES.sub(" ", lower(stripped)))
        return self._selection(tiled, lost) if tiled else None

    def _tiled(self, text: str) -> list[str]:
        """The only way to lay phrases end to end over the text, or nothing."""
        first = _after_gap(text, 0)
        ways: dict[int, int] = {first: 1}
        came_from: dict[int, tuple[int, str]] = {}
        waiting = [first]
        for position in waiting:
            for form, phrase in self._by_form.items():
                after = position + len(form)
                if not text.startswith(form, position) or not ends_word(text, after):
                    continue
                after = _after_gap(text, after)
                if after in ways:  # two ways to read it: neither is taken
                    return []
                ways[after] = 1
                came_from[after] = (position, phrase)
                waiting.append(after)
        if len(text) not in came_from:
            return []
        moves: list[str] = []
        position = len(text)
        while position != first:
            position, phrase = came_from[position]
            moves.append(phrase)
        return moves[::-1]

    def mentioned(self, text: str) -> Mention:
        """The one phrase that prose names whole, in no sentence that denies it (rule 8)."""
        prose = lower(strip_marks(text))
        named: list[tuple[str, list[re.Match[str]]]] = []
        for form, phrase in self._by_form.items():
            words = r"\s+".join(re.escape(word) for word in lower(phrase).split())
            pattern = re.compile(rf"(?<!\w){words}(?!\w)")
            places = [match for match in pattern.finditer(prose) if ends_word(prose, match.end())]
            if places and form:
                named.append((phrase, places))
        if not named:
            return Mention(None, "no object")
        if len(named) > 1:
            return Mention(None, "ambiguous")
        phrase, places = named[0]
        return Mention(None, "negated") if _denied(prose, places) else Mention(phrase, "")


def _after_gap(text: str, position: int) -> int:
    match = _BETWEEN_PHRASES.match(text, position)
    return match.end() if match else position


def _denied(prose: str, places: list[re.Match[str]]) -> bool:
    """Whether a sentence that names the phrase holds a negation outside the phrase itself."""
    ends = [match.start() for match in _SENTENCE_END.finditer(prose)]
    denied: set[int] = set()  # sentences, by number, that hold a negation
    for match in _NEGATION.finditer(prose):
        inside = bisect_right(places, match.start(), key=lambda place: place.start()) - 1
        if inside < 0 or match.end() > places[inside].end():
            denied.add(bisect_right(ends, match.start()))
    for place in places:
        first, last = bisect_right(ends, place.start()), bisect_right(ends, place.end() - 1)
        if any(number in denied for number in range(first, last + 1)):
            return True
    return False
