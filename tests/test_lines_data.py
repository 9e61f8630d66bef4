"""The mechanical rules for the files of lines, of the five and of the Patron: what a reader or a voice may rely on.

Knows the acts, the slots that have a value in each, and how a line must be spelled for any value of its slots. Does
not know whether a line is good; that took reading.
"""

import re
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest

FIRST_NAMES = {"marrow": "Hester", "quill": "Tobias", "vesper": "Vesper", "brock": "Josiah", "tansy": "Tansy"}
VOICES = (*FIRST_NAMES, "patron")
"""Who has a file of lines. The Patron has no name that anybody could say."""
# As words these stand in no line at all; "Fell" is left out, since a sentence may open with the verb.
FAMILY_NAMES = ("Marrow", "Quill", "Lyle", "Brock", "Pym")
TONES = ("warm", "even", "cold")

TIP = {"to", "me", "good", "third", "rumour"}
LOAN = {"to", "me", "price", "day", "deed", "since"}
PAST = {"to", "me", "deed", "since"}
CLAIM = {"to", "me", "debt", "day", "since"}
TRADE = {"me", "qty", "good", "price", "rumour", "third"}
SETTLING = {"to", "me", "debt"}
BUSINESS = {"to", "me", "price", "day"}
DEMAND = {"to", "me", "good", "debt"}
COURT = {"me", "third", "good"}
SLOTS: dict[str, set[str]] = {
    **dict.fromkeys(("tip_up", "tip_down"), TIP),
    **dict.fromkeys(("lend", "borrow", "accept", "refuse", "grant", "deny"), LOAN),
    **dict.fromkeys(("thank", "needle", "answer", "turn"), PAST),
    **dict.fromkeys(("press", "plead"), CLAIM),
    **dict.fromkeys(("buy", "sell"), TRADE),
    **dict.fromkeys(("default", "collect", "repay"), SETTLING),
    "credit": {"to", "me", "good", "rumour"},
    "doubt": {"to", "me", "good", "rumour", "deed", "since"},
    "pay": {"to", "me", "debt", "since"},
    "want": {"me", "good"},
    "hold": set(),
    "extend": {"to", "me", "day", "debt", "since"},
    "cede": {"to", "me", "price", "debt", "third"},
    "assume": {"to", "me", "third"},
    "hire": {"to", "me", "good", "qty", "price", "day"},
    "recall": {"to", "me", "good", "qty", "since"},
    "deposit": {"to", "me", "price"},
    "withdraw": {"to", "me", "price", "since"},
    "pact_floor": {"to", "me", "good", "price", "day"},
    "pact_pool": {"to", "me", "good", "day"},
    "pact_shun": {"to", "me", "third", "day"},
    "promise_pay": {"to", "me", "debt", "day"},
    "promise_hold": {"to", "me", "good", "day"},
    "threaten": {"to", "me", "debt", "good", "day"},
    "bribe": {"to", "me", "price", "good", "day"},
    "accuse": PAST,
    **dict.fromkeys(("agree", "decline"), BUSINESS),
    "counter": {"to", "me", "price", "day", "good", "qty"},
    "join": {"to", "me", "good", "third", "day"},
    "reject": {"to", "me", "good", "third", "day"},
    "spurn": {"to", "me", "price"},
    "take": {"to", "me", "price"},
    **dict.fromkeys(("yield", "defy"), DEMAND),
    "undercut": {"me", "qty", "good", "price"},
    **dict.fromkeys(("testify", "perjure"), COURT),
    "protest": {"me", "price"},
    "betrayed": {"to", "me", "good", "since"},
    "squeezed": {"me", "good", "price"},
}
TO_THE_ROOM = ("buy", "sell", "hold", "want", "undercut", "testify", "perjure", "protest", "squeezed")
MANNERS = ("flattering", "evasive", "menacing")

WORDS_MOST = 22
LINES_LEAST = 4
NUMBER = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)\b|[0-9]",
    re.IGNORECASE,
)
# Values such as "rye", "tomorrow" and "nine days ago": a sentence must not open with them.
LOWER_CASE = "deed|rumour|qty|since|good|day"
LOW_OPENING = re.compile(rf"""(?:^|(?<!\.)[.?]['")]*\s)\W*?\{{(?:{LOWER_CASE})\}}""")

Line = dict[str, Any]


def spoken(name: str) -> list[Line]:
    """The lines of one character's file, in its order."""
    text = files("fivepenny").joinpath("data", "lines", f"{name}.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    assert set(document) == {"line"}
    lines: list[Line] = document["line"]
    return lines


def faults_of_key(speaker: str, line: Line) -> list[str]:
    found = []
    if not {"act", "tone", "say"} <= set(line) <= {"act", "tone", "manner", "to", "say"}:
        found.append("keys")
    if line["act"] not in SLOTS:
        found.append("act")
    if line["tone"] not in TONES or (line["act"] in TO_THE_ROOM and line["tone"] != "even"):
        found.append("tone")
    if "manner" in line and (line["manner"] not in MANNERS or line["tone"] != "even"):
        found.append("manner")
    hearer = line.get("to")
    if hearer is not None and (hearer not in FIRST_NAMES or hearer == speaker or line["act"] in TO_THE_ROOM):
        found.append("to")
    return found


def faults_of_say(line: Line) -> list[str]:
    say = line["say"]
    found = []
    if not set(re.findall(r"\{(.*?)\}", say)) <= SLOTS.get(line["act"], set()):
        found.append("slot")
    bare = re.sub(r"\{\w+\}", "slot", say)
    if "{" in bare or "}" in bare:
        found.append("brace")
    if len([word for word in bare.split() if re.search(r"\w", word)]) > WORDS_MOST:
        found.append("words")
    if NUMBER.search(bare):
        found.append("number")
    if "!" in bare:
        found.append("exclamation")
    if not bare.isascii() or not bare.isprintable() or not bare.strip() or bare != " ".join(bare.split()):
        found.append("plain")
    permitted = FIRST_NAMES.get(line.get("to", ""))
    if any(re.search(rf"\b{name}\b", say) for name in (*FIRST_NAMES.values(), *FAMILY_NAMES) if name != permitted):
        found.append("name")
    if LOW_OPENING.search(say):
        found.append("opening")
    return found


def faults(speaker: str, line: Line) -> list[str]:
    return faults_of_key(speaker, line) + faults_of_say(line)


def folded(line: Line) -> str:
    """What is left of a line when only its words and slots count."""
    return " ".join(re.findall(r"[\w'{}]+", line["say"].lower()))


def repeated(lines: list[Line]) -> list[str]:
    return [text for text, count in Counter(map(folded, lines)).items() if count > 1]


def thin_acts(lines: list[Line]) -> list[str]:
    counts = Counter(line["act"] for line in lines)
    return [act for act in SLOTS if counts[act] < LINES_LEAST]


@pytest.mark.parametrize("name", VOICES)
def test_every_line_keeps_the_rules(name: str) -> None:
    found = [(line["say"], faults(name, line)) for line in spoken(name) if faults(name, line)]
    assert found == []


@pytest.mark.parametrize("name", VOICES)
def test_every_act_has_lines_enough(name: str) -> None:
    assert thin_acts(spoken(name)) == []


@pytest.mark.parametrize("name", VOICES)
def test_no_line_is_said_twice_by_one_character(name: str) -> None:
    assert repeated(spoken(name)) == []


def test_no_line_is_shared_by_two_characters() -> None:
    assert repeated([line for name in VOICES for line in spoken(name)]) == []


def a_line(**changes: str) -> Line:
    """A line without fault, said by Brock, with some of its keys replaced."""
    return {"act": "lend", "tone": "even", "say": "{price}, {to}. My box is open until {day}."} | changes


@pytest.mark.parametrize(
    "line",
    [
        a_line(),
        a_line(to="tansy", say="Here is {price}, Tansy, for the coal."),
        a_line(say=" ".join(["{price}", *["coal"] * 21])),
        a_line(say="One sack, {to}, and a penny off the tenth of {price}. It is often so."),
        a_line(say="I kept {deed} {since} (in the dry) ... {day} is soon enough, {to}."),
    ],
)
def test_a_good_line_has_no_fault(line: Line) -> None:
    assert faults("brock", line) == []


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ("keys", a_line(mood="grim")),
        ("act", a_line(act="sulk")),
        ("tone", a_line(tone="tepid")),
        ("tone", a_line(act="hold", tone="cold", say="I keep my sacks.")),
        ("to", a_line(to="pym")),
        ("to", a_line(to="brock")),
        ("to", a_line(act="want", to="tansy", say="No {good} in my shed.")),
        ("slot", a_line(say="Here is {price} for the {debt}.")),
        ("slot", a_line(act="buy", say="{price} for {qty} of {good}, {to}.")),
        ("slot", a_line(act="hold", say="{me} keeps the gate shut.")),
        ("slot", a_line(say="Here is {Price}.")),
        ("brace", a_line(say="Here is {price until {day}.")),
        ("words", a_line(say=" ".join(["{price}", *["coal"] * 22]))),
        ("number", a_line(say="Take {price}. I have 3 keys.")),
        ("number", a_line(say="Seventeen keys and {price}.")),
        ("number", a_line(say="Take {price} and two-score sacks.")),
        ("number", a_line(say="A hundred sacks for {price}.")),
        ("exclamation", a_line(say="Take {price}, {to}!")),
        ("plain", a_line(say="Take {price}, {to}; I\u2019ve coal.")),
        ("plain", a_line(say="Take {price},  {to}.")),
        ("plain", a_line(say="")),
        ("name", a_line(say="Take {price}, Tansy.")),
        ("name", a_line(to="quill", say="Take {price}, Tansy.")),
        ("name", a_line(to="quill", say="Take {price}, Quill.")),
        ("opening", a_line(say="{deed} {since} is worth {price}.")),
        ("opening", a_line(act="sell", say="{qty} of {good} at {price}.")),
        ("opening", a_line(act="doubt", say="A word. {rumour} is a word.")),
        ("opening", a_line(act="tip_up", say="Buy, {to}? {good} will rise.")),
        ("opening", a_line(say="Take {price}. ({day} will do.)")),
        ("opening", a_line(say="It was dark. {since} you came.")),
    ],
)
def test_each_rule_catches_a_line_that_breaks_it(fault: str, line: Line) -> None:
    assert fault in faults("brock", line)


def test_a_repetition_is_caught_in_spite_of_case_and_stops() -> None:
    twin = a_line(say="{price} {to}: my box is open until {day}")
    assert repeated([a_line(), twin]) == [folded(twin)]


def test_an_act_with_too_few_lines_is_caught() -> None:
    lines = [a_line(act=act) for act in SLOTS for _ in range(LINES_LEAST)]
    assert thin_acts(lines) == []
    assert thin_acts(lines[1:]) == ["tip_up"]
