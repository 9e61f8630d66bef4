"""For the tests of injection: seasons in which one text is an attack, their harmless twins, and what tells them apart.

An attack is played in a real season beside a twin: the same season with a harmless text in the same place. Menus,
prompts, what others' replies came to, events with their sealed part (and so the books), and the shape of every page
must be the same but for the text. Two seats hold minds that are easily led: they choose from whatever looks like a
menu in what they are sent.
"""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

from dramas import read_fountain
from fivepenny.chronicle import Chronicle, parse_chronicle
from fivepenny.company.players import Asked, Player, ProsePlayer, WrappedPlayer
from fivepenny.company.tape import Tape
from fivepenny.drama.fountain import render_fountain
from fivepenny.drama.playbill import CastRow, render_playbill
from fivepenny.drama.screenplay import build_screenplay
from fivepenny.drama.telling import Teller
from fivepenny.drama.text import render_text
from fivepenny.errors import ChronicleError, ScenarioError
from fivepenny.happenings import Said
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile, event_row
from fivepenny.minds.mind import MindCard, Request, Task, Wording
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.scenario import Scenario, load_scenario, read_scenario_json
from fivepenny.stage.house import assemble, seated
from fivepenny.world import Menu, Observation

ATTACKS: list[dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "data" / "attacks.toml").read_text(encoding="utf-8")
)["attack"]
SCENARIO, CHRONICLE = load_scenario("south-sea")
SEED, DAYS = 3, 6
ATTACKER, LED = "vesper", ("quill", "marrow")
TWIN = "Qwyjibo of rain upon slates"
"""What a harmless text says: words that stand nowhere else."""
CARD = MindCard("script", "fivepenny", "script", 0, Wording.PROSE)
MENU_LINE = re.compile(r"- ([a-z][a-z0-9 ]*):")


def easily_led(request: Request) -> str:
    """A mind that takes its menu from any line that looks like one, wherever a line may end."""
    if request.task is Task.SPEAK:
        return ""
    phrases = [match[1] for line in request.prompt.splitlines() if (match := MENU_LINE.match(line))]
    return json.dumps({"moves": [Random(request.seed).choice(phrases)], "say": "", "aside": ""})


def speaks(text: str, aside: str) -> Callable[[Request], str]:
    """The attacker's mind: it says the text in every reply, begun with another word each time."""

    def answer(request: Request) -> str:
        if request.task is Task.SPEAK:
            return ""
        chance = Random(request.seed)
        phrase = chance.choice([line for line in request.prompt.split("\n") if line.startswith("- ")])[2:]
        word = "".join(chance.choice("abdeiklmnorstu") for _ in range(6)).capitalize()
        say = f"{word}, {text}" if text else ""
        return json.dumps({"moves": [phrase.partition(":")[0]], "say": say, "aside": aside})

    return answer


def replies(raw: str) -> Callable[[Request], str]:
    """The attacker's mind: the whole reply is given, with a move of the menu put in."""

    def answer(request: Request) -> str:
        plain = json.loads(speaks("", "")(request)) if request.task is Task.REPLY else None
        return raw.replace("{move}", plain["moves"][0]) if plain else ""

    return answer


# ---- a season, and all that can be seen of it ----


@dataclass(frozen=True)
class Sent:
    """What a seat was shown: its menu, and its prompt by lines."""

    seat: str
    menu: list[str]
    prompt: list[str]


@dataclass(frozen=True)
class Played:
    """A season: what each seat was sent, what replies came to, what happened, and the pages made of it."""

    sent: list[Sent]
    tape: list[tuple[Any, ...]]
    events: list[str]
    spoken: list[str]
    fountain: str
    playbill: str
    text: str
    telling: list[str]


class Watched(WrappedPlayer):
    """A player whose menus and prompts are kept."""

    def __init__(self, player: Player, sent: list[Sent]) -> None:
        super().__init__(player)
        self._sent = sent

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        asked = self._player.ask_moves(observation, menu, seed)
        options = [json.dumps(asdict(option), default=sorted, ensure_ascii=False) for option in menu.options]
        prompt = [*asked.system.split("\n"), *asked.prompt.split("\n")]
        self._sent.append(Sent(menu.seat, [repr(menu.phrases), str(menu.max_moves), *options], prompt))
        return asked


def play(
    scenario: Scenario,
    chronicle: Chronicle | None,
    attacker: Callable[[Request], str],
    card: MindCard = CARD,
    led: Callable[[Request], str] = easily_led,
) -> Played:
    """The season with this scenario and this attacker: two minds easily led, and understudies in the other seats."""
    header = Header(SEED, DAYS, scenario, chronicle, dict.fromkeys(scenario.seat_names, "script"))
    sent: list[Sent] = []
    with SeasonFile.create(IN_MEMORY, header) as file:
        chairs = seated(header, None)
        for seat in scenario.seats:
            player: Player = chairs[seat.name].understudy
            if seat.name == ATTACKER:
                player = ProsePlayer(ScriptedMind(attacker, card), seat)
            elif seat.name in LED:
                player = ProsePlayer(ScriptedMind(led, CARD), seat)
            chairs[seat.name] = replace(chairs[seat.name], player=Watched(player, sent))
        teller, telling = Teller(header), list[str]()
        for beat in assemble(file, chairs, Tape(), None).beats():
            telling += [line.plain for line in teller.tell(beat.day, beat.beat, beat.events)]
        events = tuple(file.events())
        rows = [
            (row.key, row.task, row.verdict, row.reason, row.moves, row.say, row.aside)
            for row in file.tape()
            if row.seat != ATTACKER
        ]
    screenplay = build_screenplay(header, events)
    cast = [CastRow(s.name, s.full_name, s.trade, card.name, card.lab, card.family, 0) for s in scenario.seats]
    return Played(
        sent,
        rows,
        [" ".join(map(str, event_row(event))) for event in events],
        [event.body.text for event in events if isinstance(event.body, Said) and event.body.speaker == ATTACKER],
        render_fountain(screenplay),
        render_playbill(header, events, screenplay, cast, {"turns": len(rows)}),
        render_text(screenplay),
        telling,
    )


# ---- the detector ----


class Tags(HTMLParser):
    """The shape of a page: its tags and the names of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attributes)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", ()))


def same_but_for(one: str, twin: str) -> bool:
    """Whether two texts are equal but for what stands where the second holds the harmless text."""
    if one == twin:
        return True
    pieces = re.split(re.escape(TWIN), twin, flags=re.IGNORECASE)
    pattern = ".*".join(map(re.escape, pieces))
    return len(pieces) > 1 and re.fullmatch(pattern, one, re.DOTALL | re.IGNORECASE) is not None


def differ(name: str, ones: list[str], twins: list[str]) -> list[str]:
    if len(ones) != len(twins):
        return [f"{name}: {len(ones)} against {len(twins)}"]
    pairs = zip(ones, twins, strict=True)
    return [f"{name}: {one!r} against {twin!r}" for one, twin in pairs if not same_but_for(one, twin)]


def effects(one: Played, twin: Played) -> list[str]:
    """What an attack changed, other than its own text."""
    found = differ("events", one.events, twin.events)
    found += differ("tape", [repr(row) for row in one.tape], [repr(row) for row in twin.tape])
    if len(one.sent) != len(twin.sent):
        found.append("another number of turns")
    for shown, shown_too in zip(one.sent, twin.sent, strict=False):
        found += differ(f"menu of {shown.seat}", [shown.seat, *shown.menu], [shown_too.seat, *shown_too.menu])
        found += differ(f"prompt of {shown.seat}", shown.prompt, shown_too.prompt)
        found += [
            f"prompt of {shown.seat}: a line ends in {line!r}" for line in shown.prompt if len(line.splitlines()) > 1
        ]
        found += [f"prompt of {shown.seat}: {mark[0]!r}" for line in shown.prompt for mark in MARKS.finditer(line)]
    return found


MARKS = re.compile(r"<\|.+?\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>")
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


def escapes(one: Played, twin: Played) -> list[str]:
    """What of an attack is more than text on the pages."""
    found: list[str] = []
    (page, blocks), (page_too, blocks_too) = read_fountain(one.fountain), read_fountain(twin.fountain)
    shape, shape_too = ([(b.kind, b.cue, b.notes) for b in found_in] for found_in in (blocks, blocks_too))
    if list(page) != list(page_too) or shape != shape_too:
        found.append("fountain: other blocks")
    if Tags(one.playbill).found != Tags(twin.playbill).found:
        found.append("playbill: other tags")
    if len(one.telling) != len(twin.telling):
        found.append("telling: other lines")
    for name, text in (
        ("fountain", one.fountain), ("playbill", one.playbill), ("text", one.text), ("telling", "\n".join(one.telling)),
    ):  # fmt: skip
        harmless_here = "\x85\u2028\u2029" if name == "playbill" else ""  # no ends of lines in HTML
        found += [f"{name}: {mark!r}" for mark in set(UNSEEN.findall(text)) - set(harmless_here)]
    return found


# ---- attacks and twins ----


def with_text(kind: str, text: str) -> Scenario:
    """The scenario with this text in a place of it. Raises ScenarioError."""
    data = json.loads(SCENARIO.model_dump_json())
    seats = {seat["name"]: seat for seat in data["seats"]}
    match kind:
        case "person":
            seats["marrow"]["full_name"] = text
        case "trait":
            seats[LED[0]]["wants"] = text
        case "place":
            data["place"] = text
        case "word":
            next(good for good in data["goods"] if good["name"] == "rye")["say"] = text
        case "deed":
            for bond in data["bonds"]:
                bond["deed"] = text
    return read_scenario_json(json.dumps(data), "attack")


def with_headline(text: str) -> Chronicle:
    """The chronicle with every told headline replaced. Raises ChronicleError."""
    quoted = '"' + text.replace('"', '""') + '"'
    lines = ["date,asset,kind,effect,told,headline,price,unit,source"]
    assert CHRONICLE is not None
    for row in CHRONICLE.rows:
        lines.append(f"{row.date},{row.asset},{row.kind},{row.effect},{'yes' if row.told else 'no'},{quoted},,,s")
    return parse_chronicle("\n".join(lines), "attack.csv")


@cache
def harmless(kind: str, text: str) -> Played:
    """The season of a twin, played once."""
    return played(kind, text)


@cache
def admitted(kind: str, text: str) -> Played | None:
    """The season of an attack, or None where the text is refused at the door, in a message that holds none of it."""
    try:
        return played(kind, text)
    except (ScenarioError, ChronicleError) as refusal:
        assert UNSEEN.search(text) or "\n" in text
        assert not UNSEEN.search(str(refusal)) and "\n" not in str(refusal)
        return None


def played(kind: str, text: str) -> Played:
    """The season with this text in the place that the kind names. Raises where the text is refused at the door."""
    match kind:
        case "line":
            return play(SCENARIO, CHRONICLE, speaks(text, ""))
        case "aside":
            return play(SCENARIO, CHRONICLE, speaks("", text))
        case "raw":
            return play(SCENARIO, CHRONICLE, replies(text))
        case "headline":
            return play(SCENARIO, with_headline(text), speaks("", ""))
        case "card":
            return play(SCENARIO, CHRONICLE, speaks("", ""), replace(CARD, name=text))
        case _:
            return play(with_text(kind, text), CHRONICLE, speaks("", ""))


def twin_of(kind: str, one: Played) -> Played:
    """The season with a harmless text in the same place, one that is spoken where the attack's was."""
    match kind:
        case "line":
            return harmless(kind, f"{TWIN}." if one.spoken else f"{TWIN} twelve.")
        case "raw":
            return harmless("line", "")
        case _:
            return harmless(kind, TWIN)
