"""The drama: every line traces to events, narration holds what they hold, and hostile text stays text."""

import json
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramas import MONEY, Made, Season, elements, played, read_fountain, unfounded
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.drama.export import render_json
from fivepenny.drama.fountain import render_fountain
from fivepenny.drama.moments import KINDS
from fivepenny.drama.names import Word
from fivepenny.drama.narration import Narrator, fill, load_grammar, slots_of
from fivepenny.drama.screenplay import Action, Dialogue, build_screenplay
from fivepenny.drama.sifting import Sifter
from fivepenny.drama.text import WIDTH, render_text
from fivepenny.events import Body, Event

HOSTILE = (
    "*bold* and _under_ and **more**",
    "[[events 1, 2]] and ]] and [[[",
    "/* gone */ back",
    "\\*not\\* [\\[",
    "(aside)",
    "> CUT TO BLACK <",
    "# Act",
    "=== ",
    "~ la la",
    "!BANG",
    "@MARROW",
    ".A HEADING",
    "INT. ELSEWHERE - NIGHT",
    "FADE TO:",
    "line\n\nMARROW\nforged",
    "<script>alert(1)</script> &amp; {{ 7*7 }} {% raw %}",
    "[bold red]x[/] \x1b[31mred \u202eflip",
    "a\u2028b",
)
SEASONS = [("understudies", 1), ("understudies", 5), ("null", 2), ("null", 21)]


def one_space(text: str) -> str:
    """Text as any renderer lays it out."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()


@pytest.fixture(params=SEASONS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def season(request: pytest.FixtureRequest) -> Season:
    company, seed = request.param
    return played(company, seed, 30)


# ---- traceability ----


def test_every_line_of_the_log_is_in_the_screenplay_once_as_it_was_said(season: Season) -> None:
    header, events = season
    said = [(e.number, e.body.speaker, e.body.text) for e in events if isinstance(e.body, hap.Said)]
    lines = [e for e in elements(build_screenplay(header, events)) if isinstance(e, Dialogue)]
    assert [(line.numbers[0], line.speaker, line.text) for line in lines] == said
    assert bool(said) == ("null" not in header.minds.values())  # the null players do not speak


def test_every_figure_and_name_of_the_narration_is_in_the_events_it_cites(season: Season) -> None:
    header, events = season
    actions = [element for element in elements(build_screenplay(header, events)) if isinstance(element, Action)]
    seats = header.scenario.seat_names
    assert {action.text: found for action in actions if (found := unfounded(action, events, seats))} == {}
    assert sum(len(MONEY.findall(action.text)) for action in actions) > 30


def test_an_unfounded_sentence_is_found() -> None:
    made = Made()
    number = made.add(hap.Repaid(1, "marrow", "tansy", 480, False), Beat.DUSK)
    true = Action("Tansy pays Marrow £2.", (number,))
    false = Action("Tansy pays Brock £2 1s for six, as on day 3.", (number,))
    also = Action("On day 3 Brock has 12s.", (number,))
    seats = made.header.scenario.seat_names
    assert unfounded(true, tuple(made.events), seats) == []
    assert unfounded(false, tuple(made.events), seats) == ["£2 1s", "brock", "3", "six"]
    assert unfounded(also, tuple(made.events), seats) == ["12s", "brock", "3"]


def test_scenes_follow_the_days_and_cite_their_opening(season: Season) -> None:
    header, events = season
    scenes = build_screenplay(header, events).scenes
    openings = {event.number: event.day for event in events if isinstance(event.body, hap.DayOpened)}
    assert [scene.day for scene in scenes] == sorted({scene.day for scene in scenes})
    assert all([openings[number] for number in scene.numbers] == [scene.day] for scene in scenes)
    for scene in scenes:
        days = {event.day for event in events if event.number == scene.elements[-1].numbers[-1]}
        assert scene.elements and days <= set(range(1, scene.day + 1))
        assert scene.reasons == tuple(sorted(scene.reasons, key=lambda reason: -reason.weight))


@pytest.mark.parametrize("seed", [1, 5, 9])
def test_a_season_reads_in_ten_minutes(seed: int) -> None:
    words = sum(len(e.text.split()) for e in elements(build_screenplay(*played("understudies", seed, 30))))
    assert words / 240 <= 10


def test_the_same_season_is_told_in_the_same_words() -> None:
    header, events = played("understudies", 5, 30)
    assert build_screenplay(header, events) == build_screenplay(header, tuple(events))


# ---- the grammar ----


def test_every_kind_has_a_grammar_and_every_grammar_a_kind() -> None:
    assert set(load_grammar()) == set(KINDS)
    assert all(len(set(variants)) >= 3 and len(set(variants)) == len(variants) for variants in load_grammar().values())


def test_no_sentence_exclaims_or_ends_without_a_stop() -> None:
    for variants in load_grammar().values():
        assert all(variant.endswith(".") and "!" not in variant for variant in variants)


def test_every_moment_can_be_told_whatever_words_it_has() -> None:
    met = set()
    for company, seed in SEASONS:
        header, events = played(company, seed, 30)
        sifter = Sifter(header)
        for day in range(1, 31):
            for moment in sifter.read([event for event in events if event.day == day]):
                met.add(moment.key)
                text = Narrator(1).tell(moment.key, moment.words, moment.numbers[-1])
                assert text[0] not in string.ascii_lowercase and not re.search(r"[{}|]", text)
    assert len(met) > 25


@pytest.mark.parametrize("key", sorted(load_grammar()))
def test_no_variant_comes_back_soon(key: str) -> None:
    variants = load_grammar()[key]
    words = {slot: Word(f"<{slot}>") for variant in variants for slot in slots_of(variant)}
    narrator = Narrator(3)
    told = [narrator.tell(key, words, number) for number in range(40)]
    resting = len(variants) // 2
    assert all(told[place] not in told[max(0, place - resting) : place] for place in range(40))
    assert set(told) == {fill(variant, words) for variant in variants}


def test_words_agree_and_sentences_begin_with_capitals() -> None:
    words = {"who": Word("the town"), "many": Word("Brock and Tansy", True)}
    assert fill("{who} {who:sells|sell}. {many} {many:sells|sell} to {who}.", words) == (
        "The town sells. Brock and Tansy sell to the town."
    )


# ---- Fountain and text ----


def test_fountain_gives_back_every_line_with_its_events(season: Season) -> None:
    header, events = season
    screenplay = build_screenplay(header, events)
    page, blocks = read_fountain(render_fountain(screenplay))
    by_number = {event.number: event.body for event in events}
    lines = [element for element in elements(screenplay) if isinstance(element, Dialogue)]
    spoken = [block for block in blocks if block.kind == "dialogue"]
    assert page["Title"] == "The Fivepenny"
    assert [(b.cue, b.text, b.events) for b in spoken] == [(e.cue, e.text, list(e.numbers)) for e in lines]
    assert all(isinstance(by_number[block.events[0]], hap.Said) for block in spoken)
    headings = [block for block in blocks if block.kind == "heading"]
    assert len(headings) == sum(scene.heading is not None for scene in screenplay.scenes)
    assert all(isinstance(by_number[block.events[0]], hap.DayOpened) for block in headings)
    actions = [block for block in blocks if block.kind == "action"]
    assert all(set(block.events) <= by_number.keys() for block in actions) and len(actions) > 20
    assert {block.kind for block in blocks} - {"dialogue"} == {"heading", "action", "centred"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_fountain(text: str) -> None:
    made = Made()
    made.say("tansy", "quill", "thank", text)
    made.add(hap.News(text, "southsea", "panic", None))
    _, blocks = read_fountain(render_fountain(build_screenplay(made.header, made.events)))
    spoken = [block for block in blocks if block.kind == "dialogue"]
    assert [(block.cue, block.text, block.manner) for block in spoken] == [("TANSY", one_space(text), "")]
    assert any(block.kind == "action" and one_space(text).lower() in block.text.lower() for block in blocks)
    assert [block.kind for block in blocks].count("heading") == 1


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .[]*_/\\()>#=!@~:\n<ABINT"), min_size=1, max_size=24))
def test_any_text_comes_back_from_fountain(text: str) -> None:
    made = Made()
    made.say("tansy", "quill", "thank", text)
    _, blocks = read_fountain(render_fountain(build_screenplay(made.header, made.events)))
    assert [block.text for block in blocks if block.kind == "dialogue"] == [one_space(text)]


def test_plain_text_keeps_its_width_and_every_line(season: Season) -> None:
    header, events = season
    text = render_text(build_screenplay(header, events))
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    flat = one_space(text)
    assert all(one_space(e.body.text) in flat for e in events if isinstance(e.body, hap.Said))


# ---- export, and seasons of other shapes ----


def test_what_is_sealed_stands_apart_in_the_export() -> None:
    header, events = played("understudies", 1, 30)
    season = json.loads(render_json(header, events, build_screenplay(header, events)))
    assert len(season["events"]) == len(events)
    assert all(set(event) == {"number", "day", "beat", "audience", "kind", "body"} for event in season["events"])
    assert "the teller believes" not in json.dumps(season["events"])
    assert any("the teller believes" in part["note"] for part in season["sealed"].values())
    assert [day["day"] for day in season["days"]] == list(range(1, 31))
    assert {element["kind"] for scene in season["scenes"] for element in scene["elements"]} == {"action", "dialogue"}


def without(kinds: tuple[type[Body], ...]) -> tuple[Event, ...]:
    return tuple(e for e in played("understudies", 5, 30)[1] if not isinstance(e.body, kinds))


@pytest.mark.parametrize(
    "events",
    [
        (),
        without((hap.Said,)),
        without((hap.Cleared,)),
        without((hap.SeasonOpened, hap.DayOpened, hap.DayClosed)),
        without((hap.Owes, hap.Lent, hap.Tipped)),
        played("understudies", 5, 1)[1],
        tuple(e for e in played("understudies", 5, 30)[1] if e.day <= 11),
    ],
    ids=["none", "no talk", "no trades", "no frame", "no debts or tips", "one day", "broken off"],
)
def test_seasons_that_lack_something_are_told_all_the_same(events: tuple[Event, ...]) -> None:
    header = played("understudies", 5, 30)[0]
    screenplay = build_screenplay(header, events)
    read_fountain(render_fountain(screenplay))
    json.loads(render_json(header, events, screenplay))
    assert render_text(screenplay).startswith(" ")
    assert {scene.day for scene in screenplay.scenes} <= {event.day for event in events}


def test_another_scenario_with_awkward_names() -> None:
    made = Made(days=1, small=True)
    made.say("int", "ext", "thank", "Your rope held.")
    made.add(hap.Cleared("salt", 44, 1, ("ext",), (1,), ("int",), (1,)), Beat.MARKET)
    made.add(hap.DayClosed(("int", "ext"), (400, 400), (560, 400)), Beat.DUSK)
    _, blocks = read_fountain(render_fountain(build_screenplay(made.header, made.events)))
    heading, *rest = blocks
    assert heading.text == "INT. THE *QUAY*, A SHED - MONDAY, DAY 1"
    assert [(block.cue, block.text) for block in rest if block.kind == "dialogue"] == [("INT", "Your rope held.")]
    assert any("Grey salt" in block.text or "grey salt" in block.text for block in rest)
