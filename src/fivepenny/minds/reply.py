"""What a mind's raw reply says: moves of the menu, a line, a private thought, and how much had to be mended.

The contract is `README-replies.md` of the reply samples, rule by rule; the helpers `reply_*` each keep a part of
it. What cannot honestly be recovered is refused with a reason. Nothing here knows what a move does, who
speaks, or which model wrote. No library repairs the JSON: the general ones guess where the contract refuses.

The work is linear in the length of the reply, and no nesting can exhaust the stack.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fivepenny.minds.reply_channels import end_without_tokens, spoken_part, user_turns, without_edges
from fivepenny.minds.reply_lines import bulleted_lines, key_lines, last_list_of_strings
from fivepenny.minds.reply_moves import Part, Phrases, Selection
from fivepenny.minds.reply_objects import Found, find_objects
from fivepenny.minds.reply_strings import ASIDE_KEY, MOVE_KEYS, SAY_KEYS, CutText
from fivepenny.minds.reply_text import SEAM, clean_line
from fivepenny.minds.reply_values import Items, Node, Value, lists_in

MOVE_SLOTS = frozenset(("price", "good", "qty", "to", "me", "day"))
# Of a longer reply only the end counts: the last answer wins, and it stands there.
MAX_REPLY_CHARACTERS = 1_000_000

# Answers given as JSON strings are read again; together at most this many times the length of the reply.
INNER_WORK_FACTOR = 2

_WRAPPER_KEYS = ("response", "reply", "output", "arguments", "parameters")
_STRICT_SPACE = " \t\r\n"


class Verdict(StrEnum):
    """How much of a reply could be kept."""

    CLEAN = "clean"  # exactly the schema
    REPAIRED = "repaired"  # mended, and nothing lost
    SALVAGED = "salvaged"  # something was dropped
    REFUSED = "refused"  # no legal move


@dataclass(frozen=True, slots=True)
class Reply:
    """A parsed reply. `moves` are phrases as they stand on the menu, without repeats; None where refused, and
    then `say` is None too. `reason` is empty, or one of a few stable words for why it was refused: `empty`,
    `no final channel`, `unclosed think`, `no object`, `no moves`, `off menu`, `ambiguous`, `negated`.
    """

    moves: tuple[str, ...] | None
    say: str | None
    aside: str | None
    verdict: Verdict
    reason: str = ""


def parse_reply(raw: str, menu: Sequence[str], max_moves: int, *, slots: frozenset[str] = MOVE_SLOTS) -> Reply:
    """Read a reply by the contract. `slots` are the names whose braces may stay in a line. Never raises."""
    raw = raw[-MAX_REPLY_CHARACTERS:]
    clean = _clean(raw, menu, max_moves, slots)
    if clean is not None:
        return clean
    spoken = spoken_part(raw)
    if not spoken.silenced and not without_edges(raw):
        return _refused("empty")
    reply = _Reader(Phrases(menu, max_moves), slots).read(spoken.text)
    if reply.verdict is Verdict.REFUSED and spoken.silenced and reply.reason == "no object":
        return _refused(spoken.silenced)
    return reply


def clean_say(text: str, slots: frozenset[str] = MOVE_SLOTS) -> str | None:
    """A line after rules 12 to 14: marks and stray braces out, one space between words, at most 160 characters."""
    return clean_line(text, slots).text


def _refused(reason: str) -> Reply:
    return Reply(None, None, None, Verdict.REFUSED, reason)


def _clean(raw: str, menu: Sequence[str], max_moves: int, slots: frozenset[str]) -> Reply | None:
    """The reply, if it is strict JSON of exactly the schema and nothing in it has to change."""
    try:
        pairs = json.loads(raw.strip(_STRICT_SPACE), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if not isinstance(pairs, tuple):
        return None
    members = dict(pairs)
    if len(members) != len(pairs) or not {"moves", "say"} <= members.keys() <= {"moves", "say", "aside"}:
        return None
    moves, say, aside = members["moves"], members["say"], members.get("aside")
    if not isinstance(moves, list) or not isinstance(say, str) or not (aside is None or isinstance(aside, str)):
        return None
    if not 0 < len(moves) <= max_moves or not all(isinstance(move, str) and move in menu for move in moves):
        return None
    if len(set(moves)) != len(moves) or clean_say(say, slots) != say:
        return None
    return Reply(tuple(moves), say, clean_say(aside, slots) if aside else None, Verdict.CLEAN)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An object that answers, with the places where its moves and its line stand."""

    start: int
    end: int | None
    moves: Value
    says: Value
    aside: Value


class _Reader:
    """Reads one reply for one menu."""

    def __init__(self, phrases: Phrases, slots: frozenset[str]) -> None:
        self.phrases = phrases
        self.slots = slots
        self.inner_characters = 0  # how much may still be read of answers given as JSON strings

    def read(self, text: str) -> Reply:
        """The reply that a text holds: by an object, by lists and lines, or by prose."""
        self.inner_characters = INNER_WORK_FACTOR * len(text)
        found = find_objects(text, end_without_tokens(text))
        answer = self._winner(text, found) or self._last_unfinished(found)
        if answer is not None:
            return self._reply(self.phrases.select(_parts(answer.moves)), answer.says, answer.aside)
        return self._without_object(without_edges(_without(text, found.whole)))

    def _winner(self, text: str, found: Found) -> _Answer | None:
        """The last whole object with a moves key, before a user turn that follows a legal one (rules 1, 3)."""
        turns: list[int] | None = None
        legal_end: int | None = None
        winner: _Answer | None = None
        for node in found.whole:
            answer = self._answer_of(node)
            if answer is None:
                continue
            if legal_end is not None:
                turns = user_turns(text) if turns is None else turns
                index = bisect_left(turns, legal_end)
                if index < len(turns) and turns[index] < node.start:
                    break
            elif self.phrases.select(_parts(answer.moves)).moves:
                legal_end = node.end
            winner = answer
        return winner

    def _last_unfinished(self, found: Found) -> _Answer | None:
        """The last unfinished object with a moves key (rule 1)."""
        answers = (self._answer_of(node) for node in reversed(found.unfinished))
        return next((answer for answer in answers if answer is not None), None)

    def _answer_of(self, node: Node | Items) -> _Answer | None:
        """The answer of an object, its own or one level down (rule 6)."""
        if not isinstance(node, Node) or _belongs_to_owner(node):
            return None
        own = _own_answer(node)
        if own is not None:
            return own
        for key in _WRAPPER_KEYS:
            for inner in reversed(list(lists_in(node.values().get(key)))):
                answer = self._inner_answer(inner)
                if answer is not None:
                    return answer
        return None

    def _inner_answer(self, inner: Value) -> _Answer | None:
        """The answer inside a wrapper: an object, or a JSON string that is one."""
        if isinstance(inner, Node):
            return _own_answer(inner)
        if not isinstance(inner, (str, CutText)) or self.inner_characters <= 0:
            return None
        text = _string_of(inner) or ""
        self.inner_characters -= len(text)
        if not text.lstrip().startswith("{"):
            return None
        found = find_objects(text, len(text))
        for node in (*reversed(found.whole), *reversed(found.unfinished)):
            answer = _own_answer(node) if isinstance(node, Node) and not _belongs_to_owner(node) else None
            if answer is not None:
                return answer
        return None

    def _without_object(self, text: str) -> Reply:
        """Rules 7 and 8."""
        fields = key_lines(text)
        items = last_list_of_strings(text, self.phrases.exact)
        if fields is not None:
            selection = self.phrases.select(_parts(fields.moves))
            if selection.moves or items is None:
                says: Value = 0 if fields.say_is_other else fields.say
                return self._reply(selection, says, fields.aside)
        if items is not None:
            return self._reply(self.phrases.select(_parts(items)))
        bulleted = bulleted_lines(text)
        if bulleted is not None:
            return self._reply(self.phrases.select(Part(line) for line in bulleted))
        phrases_only = self.phrases.nothing_but(text)
        if phrases_only is not None:
            return self._reply(phrases_only)
        mention = self.phrases.mentioned(text)
        if mention.move is None:
            return _refused(mention.reason)
        named = self.phrases.select([Part(mention.move)])
        return self._reply(Selection(named.moves, lost=True))

    def _reply(self, selection: Selection, says: Value = None, aside: Value = None) -> Reply:
        """Judge what was kept."""
        if not selection.moves:
            return _refused("off menu" if selection.lost else "no moves")
        line = _string_of(says)
        lost = selection.lost or (line is None and says is not None)
        say = None
        if line is not None:
            cleaned = clean_line(line, self.slots)
            say, lost = cleaned.text, lost or cleaned.lost
        thought = _string_of(aside)
        return Reply(
            selection.moves,
            say,
            clean_say(thought, self.slots) if thought else None,
            Verdict.SALVAGED if lost else Verdict.REPAIRED,
        )


def _string_of(value: Value) -> str | None:
    if isinstance(value, CutText):
        return value.text
    return value if isinstance(value, str) else None


def _first_of(values: dict[str, Value], keys: Sequence[str]) -> Value:
    """The value under the true name, or else under the first alias that stands (rule 6)."""
    if keys[0] in values:
        return values[keys[0]]
    return next((value for key, value in values.items() if key in keys), None)


def _own_answer(node: Node) -> _Answer | None:
    """The answer that an object holds under its own keys, or None where it has no moves key."""
    values = node.values()
    if not any(key in values for key in MOVE_KEYS):
        return None
    moves = _first_of(values, MOVE_KEYS)
    source = values
    if isinstance(moves, Node) and not any(key in values for key in SAY_KEYS):
        source = moves.values()  # `{"answer": {"moves": …, "say": …}}`
    return _Answer(
        node.start, node.end, moves, _first_of(source, SAY_KEYS), source.get(ASIDE_KEY, values.get(ASIDE_KEY))
    )


def _belongs_to_owner(node: Node) -> bool:
    """Whether an object is a part of the unfinished answer that holds it, and no answer of its own."""
    owner = node.owner
    if owner is None:
        return False
    key = node.owner_key.strip().lower()
    if key in _WRAPPER_KEYS or not any(name in owner.values() for name in MOVE_KEYS):
        return False
    stutters = key in MOVE_KEYS and not node.in_list and any(name in node.values() for name in SAY_KEYS)
    return not stutters


def _parts(moves: Value) -> Iterator[Part]:
    """The strings that may name moves, in order, and a part without text for anything else but null."""
    waiting = [moves]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Items):
            waiting.extend(reversed(value.items))
        elif isinstance(value, Node):
            values = value.values()
            waiting.append(_first_of(values, MOVE_KEYS) if values.keys() & set(MOVE_KEYS) else False)
        elif isinstance(value, CutText):
            yield Part(value.text, cut=True)
        elif value is not None:
            yield Part(value if isinstance(value, str) else None)


def _without(text: str, nodes: Sequence[Node | Items]) -> str:
    """The text without whole objects that are no answer: what they hold is neither list nor prose."""
    pieces: list[str] = []
    start = 0
    for node in nodes:
        pieces.append(text[start : node.start])
        start = node.end if node.end is not None else node.start
    pieces.append(text[start:])
    return SEAM.join(pieces)
