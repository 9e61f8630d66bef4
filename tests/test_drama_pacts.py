"""The drama of pacts: what is told of them is in the events, and a breach is told before most other things."""

from collections import Counter
from functools import cache

import pytest

from bound import with_pacts
from dramas import Made, Season, elements, moments, unfounded_variants
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.drama.moments import KINDS
from fivepenny.drama.playbill import loan_rows
from fivepenny.drama.screenplay import build_screenplay
from fivepenny.header import Header
from fivepenny.pacts import PactBroken, PactKept, PactProposed, PactSigned, Shape
from fivepenny.stage.rehearsal import rehearse_scenario
from quiet_tables import quiet_table

TOLD = {
    *("floor_signed", "pool_signed", "pool_funded", "shun_signed", "pact_joined", "pact_spurned", "pact_void"),
    *("floor_broken", "pool_broken", "pact_kept", "shun_kept", "pact_proposed"),
}


@cache
def played(seed: int, name: str = "corner", days: int = 40) -> Season:
    play, news = with_pacts(name), quiet_table(name)[1]
    header = Header(seed, days, play, news, company_references("understudies", play))
    return header, rehearse_scenario(seed, days, "understudies", play, news).events


def test_everything_that_can_be_told_of_pacts_is_in_the_events_it_cites() -> None:
    met: Counter[str] = Counter()
    for seed, name in ((4, "corner"), (7, "corner"), (1, "south-sea"), (3, "south-sea"), (2, "long-winter")):
        header, events = played(seed, name)
        for moment in moments(header, events):
            if moment.key in KINDS and moment.key.split("_")[0] in ("pact", "floor", "pool", "shun"):
                met[moment.key] += 1
                assert unfounded_variants(moment, header, events) == []
    assert met.keys() >= TOLD - {"pact_joined"}, TOLD - met.keys()


def test_a_broken_shun_is_told_with_its_third_and_its_penalty_once() -> None:
    made = Made()
    made.add(PactSigned(1, "vesper", "quill", Shape.SHUN, "brock", 0, 9, 600, 0), Beat.ANSWER)
    made.add(PactBroken(1, "quill", ("vesper",), Shape.SHUN, "brock", 1, 600, 4), Beat.MARKET)
    made.add(hap.Owes(9, "vesper", "quill", 600, 4), Beat.MARKET)
    found = {moment.key: moment for moment in moments(made.header, tuple(made.events))}
    assert {"shun_signed", "shun_broken"} <= found.keys() and found["owes"].told
    assert found["shun_broken"].words["third"].text == "Brock" and "penalty" in found["shun_broken"].words
    assert unfounded_variants(found["shun_broken"], made.header, tuple(made.events)) == []
    text = " ".join(e.text for e in elements(build_screenplay(made.header, made.events)))
    assert "Brock" in text


def test_a_penalty_is_told_where_one_is_owed() -> None:
    made = Made()
    made.add(PactBroken(1, "quill", ("vesper",), Shape.POOL, "rye", 1, 600, 4), Beat.MARKET)
    made.add(PactBroken(1, "vesper", ("quill",), Shape.POOL, "rye", 1, 600, 4), Beat.MARKET)
    found = [moment for moment in moments(made.header, tuple(made.events)) if moment.key == "pool_broken"]
    assert len(found) == 2 and all("penalty" not in moment.words for moment in found)


@pytest.mark.parametrize("shape", list(Shape))
def test_a_proposal_is_told_where_nothing_came_of_it(shape: Shape) -> None:
    about = "brock" if shape == Shape.SHUN else "rye"
    made = Made()
    made.add(
        PactProposed("vesper", "quill", 0, shape, about, 60 if shape == Shape.FLOOR else 0, 6, 480, 0), Beat.ADDRESS
    )
    (told,) = [moment for moment in moments(made.header, tuple(made.events)) if "proposed" in moment.key]
    assert unfounded_variants(told, made.header, tuple(made.events)) == []
    made.add(PactSigned(1, "vesper", "quill", shape, about, 60 if shape == Shape.FLOOR else 0, 6, 480, 0), Beat.ANSWER)
    assert not [moment for moment in moments(made.header, tuple(made.events)) if "proposed" in moment.key]


def test_a_breach_stands_in_the_screenplay_of_its_day() -> None:
    header, events = played(7)
    texts: dict[int, str] = {}
    for scene in build_screenplay(header, events).scenes:
        texts[scene.day] = " ".join(element.text for element in scene.elements)
    broken = [event for event in events if isinstance(event.body, PactBroken)]
    assert broken and all(event.body.seat.capitalize() in texts[event.day] for event in broken)
    assert any(isinstance(event.body, PactKept) for event in events)
    assert loan_rows(header, events)
