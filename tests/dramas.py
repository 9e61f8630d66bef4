"""For the tests of the drama: real seasons by rule policies, seasons made up event by event, a Fountain reader.

The reader follows the Fountain syntax on its own and shares nothing with the renderer. An emphasis or a comment
that it meets is a failure, since nothing that we write has any.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from fivepenny import happenings as hap
from fivepenny.clock import Beat, weekday
from fivepenny.company.cast import company_references
from fivepenny.drama.moments import Moment
from fivepenny.drama.narration import fill, load_grammar, slots_of
from fivepenny.drama.screenplay import Action, Dialogue, Screenplay
from fivepenny.drama.sifting import Sifter
from fivepenny.events import EVERYONE, Body, Event, EventLog, Sealed, body_text
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.scenario import load_scenario, parse_scenario
from fivepenny.stage.house import open_house
from pence import read_pence

Season = tuple[Header, tuple[Event, ...]]
MONEY = re.compile(r"£\d+(?: \d+s)?(?: \d+d)?|\b\d+s(?: \d+d)?|\b\d+d\b")
COUNTS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

SMALL = """
name = "harbour"
title = "Low <Water>"
place = "THE *QUAY*, A SHED"
days = 4
[[goods]]
name = "salt"
say = "grey salt"
unit = "cask"
units = "casks"
price_pence = 40
[[seats]]
name = "int"
full_name = "Ada <Int>"
first_name = "Ada"
trade = "pilot & chandler"
wants = "the tide"
cannot = "wait"
speaks = "Slowly."
steadiness = 5
purse_pence = 400
stock = { salt = 4 }
[[seats]]
name = "ext"
full_name = "Bo Ext"
first_name = "Bo"
trade = "cooper"
wants = "hoops"
cannot = "count"
speaks = "Loudly."
steadiness = 5
purse_pence = 400
needs = { salt = 1 }
"""


@cache
def played(company: str, seed: int, days: int) -> Season:
    """A season of the shipped scenario by a company of rule policies."""
    scenario, chronicle = load_scenario("south-sea")
    header = Header(seed, days, scenario, chronicle, company_references(company, scenario))
    with SeasonFile.create(IN_MEMORY, header) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return header, tuple(file.events())


class Made:
    """A season made up by hand."""

    def __init__(self, days: int = 3, small: bool = False) -> None:
        """Opens day 1 of the shipped scenario, or of a small one with awkward names."""
        scenario = parse_scenario(SMALL, "harbour.toml") if small else load_scenario("south-sea")[0]
        self.header = Header(7, days, scenario, None, dict.fromkeys(scenario.seat_names, "null"))
        self.log = EventLog()
        self.events: list[Event] = []
        self.add(hap.DayOpened(weekday(1)))
        goods = scenario.goods
        prices = tuple(good.price_pence for good in goods)
        self.add(hap.SeasonOpened(7, scenario.name, scenario.seat_names, scenario.good_names, prices))

    def add(
        self, body: Body, beat: Beat = Beat.DAWN, audience: tuple[str, ...] = EVERYONE, sealed: Sealed | None = None
    ) -> int:
        """Append an event; its number."""
        self.log.beat = beat
        event = self.log.add(audience, body, sealed or Sealed())
        self.events.append(event)
        return event.number

    def next_day(self) -> None:
        """Open the next day."""
        self.log.day += 1
        self.add(hap.DayOpened(weekday(self.log.day)))

    def say(self, speaker: str, hearer: str, act: str, text: str, private: bool = False) -> int:
        """A line at parley."""
        audience = tuple(sorted((speaker, hearer))) if private else EVERYONE
        return self.add(hap.Said(speaker, hearer, act, text, ()), Beat.ADDRESS, audience)


@dataclass
class Block:
    """A part of a Fountain text: its kind, its words, whose they are, how they are said, the notes in it."""

    kind: str
    text: str
    cue: str = ""
    manner: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def events(self) -> list[int]:
        """The numbers in its events note."""
        note = next(note for note in self.notes if note.startswith("event"))
        return [int(number) for number in re.findall(r"\d+", note)]


_NOTE = re.compile(r"\[\[(.*?)\]\]")
_HEADING = re.compile(r"(int|ext|est|int\.?/ext|i/e)[. ]", re.IGNORECASE)


def _plain(text: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_]", text), f"emphasis in {text!r}"
    return re.sub(r"\\(.)", r"\1", text).strip()


def _block(raw: str) -> Block:
    notes = [_plain(note) for note in _NOTE.findall(raw)]
    lines = [line.rstrip() for line in _NOTE.sub("", raw).split("\n")]
    first = lines[0]
    if first.startswith("!"):
        return Block("action", _plain(" ".join(lines)[1:]), notes=notes)
    if (first.startswith(".") and not first.startswith("..")) or _HEADING.match(first):
        return Block("heading", _plain(first.removeprefix(".")), notes=notes)
    for mark, kind in ((">", "centred"), ("#", "section"), ("=", "synopsis"), ("~", "lyric")):
        if first.startswith(mark):
            return Block(kind, first, notes=notes)
    if len(lines) > 1 and (first.startswith("@") or first == first.upper()):
        manner = lines[1][1:-1] if lines[1].startswith("(") and lines[1].endswith(")") else ""
        said = lines[2:] if manner else lines[1:]
        assert not any(line.startswith(("(", "~")) for line in said)
        return Block("dialogue", _plain(" ".join(said)), first.removeprefix("@"), _plain(manner), notes)
    kind = "transition" if first == first.upper() and first.endswith("TO:") else "action"
    return Block(kind, _plain(" ".join(lines)), notes=notes)


def read_fountain(text: str) -> tuple[dict[str, str], list[Block]]:
    """The title page and the blocks of a Fountain text."""
    assert "/*" not in text
    title, *rest = [part for part in re.split(r"\n{2,}", text.strip("\n")) if part.strip()]
    page = dict(line.split(": ", 1) for line in title.split("\n"))
    return page, [_block(part) for part in rest]


def figures_in(values: Iterable[object]) -> set[int]:
    """Every integer in these values, however deep."""
    found: set[int] = set()
    for value in values:
        if isinstance(value, dict):
            found |= figures_in(value.values())
        elif isinstance(value, list):
            found |= figures_in(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            found.add(value)
    return found


def elements(screenplay: Screenplay) -> list[Action | Dialogue]:
    """Everything that is read, in order."""
    return [element for scene in screenplay.scenes for element in scene.elements]


def moments(header: Header, events: tuple[Event, ...]) -> list[Moment]:
    """What is worth telling of a season, told or not."""
    sifter, days = Sifter(header), range(1, header.days + 1)
    return [moment for day in days for moment in sifter.read([event for event in events if event.day == day])]


def unfounded_variants(moment: Moment, header: Header, events: tuple[Event, ...]) -> list[str]:
    """The ways of telling a moment, not only the one that a screenplay takes, that its events do not bear out."""
    ways = [variant for variant in load_grammar()[moment.key] if slots_of(variant) <= moment.words.keys()]
    actions = [Action(fill(variant, moment.words), moment.numbers) for variant in ways]
    return [action.text for action in actions if unfounded(action, events, header.scenario.seat_names)]


def unfounded(action: Action, events: tuple[Event, ...], seats: tuple[str, ...]) -> list[str]:
    """Sums and names in an action that the events it cites do not hold."""
    cited = [event for event in events if event.number in action.numbers]
    bodies = [json.loads(body_text(event.body)) for event in cited]
    held = figures_in(bodies) | {
        b["paid_pence"] + b["lost_pence"] for b in bodies if {"paid_pence", "lost_pence"} <= b.keys()
    }
    held |= {-figure for figure in held}  # a worth below zero is said in words
    stated = json.dumps(bodies).lower()
    sums = [found for found in MONEY.findall(action.text) if read_pence(found) not in held]
    names = [seat for seat in seats if re.search(rf"\b{seat}\b", action.text, re.IGNORECASE) and seat not in stated]
    days = [day for day in re.findall(r"[Oo]n day (\d+)", action.text) if int(day) not in {e.day for e in cited}]
    held |= {sum(isinstance(event.body, hap.Cleared) for event in cited)}  # 'for the fourth day running'
    apart = {one.day - other.day for one in cited for other in cited}
    held |= apart | {gap // 6 for gap in apart if gap % 6 == 0}  # 'nine days ago', 'two weeks ago'
    told = re.findall(rf"\b({'|'.join(COUNTS)})\b", action.text.lower())
    counts = [word for word in told if COUNTS.index(word) + 2 not in held and word not in stated]
    return sums + names + days + counts
