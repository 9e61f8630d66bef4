"""Menus: the options of a seat in a beat, picked by salience from everything it could do.

A menu is worked out from a seat's knowledge, the scenario and the seed, and so can be worked out again from the
events that the seat has seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fivepenny.clock import Beat
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.parley import address_candidates
from fivepenny.market.replies import answer_candidates, remark_candidates
from fivepenny.market.stalls import market_candidates
from fivepenny.market.terms import Candidate, Terms
from fivepenny.rng import stream
from fivepenny.scenario import Scenario
from fivepenny.world import Menu

MOST_OPTIONS = 7
MOST_OF_AN_ACT = {Beat.ADDRESS: 2}
"""So that whispers, of which there are always many to tell, do not crowd out everything else."""
MOST_MOVES = {Beat.ADDRESS: 1, Beat.ANSWER: 2, Beat.MARKET: 3, Beat.REMARK: 1}


@dataclass(frozen=True, slots=True)
class Listing:
    """A menu and what each of its phrases means."""

    menu: Menu
    terms: Mapping[str, Terms]


def _candidates(knowledge: Knowledge, scenario: Scenario, beat: Beat) -> list[Candidate]:
    match beat:
        case Beat.ADDRESS:
            return address_candidates(knowledge, scenario.seat(knowledge.seat), scenario.goods)
        case Beat.ANSWER:
            return answer_candidates(knowledge)
        case Beat.MARKET:
            return market_candidates(knowledge, scenario.seat(knowledge.seat), scenario.goods)
        case Beat.REMARK:
            return remark_candidates(knowledge)
        case _:
            return []


def _varied(ranked: list[Candidate], most_of_an_act: int) -> list[Candidate]:
    """The first that fit on a menu, passing over those of an act that stands there often enough."""
    kept: list[Candidate] = []
    acts: dict[str, int] = {}
    for candidate in ranked:
        acts[candidate.act] = acts.get(candidate.act, 0) + 1
        if acts[candidate.act] <= most_of_an_act:
            kept.append(candidate)
        if len(kept) == MOST_OPTIONS - 1:
            break
    return kept


def list_menu(knowledge: Knowledge, scenario: Scenario, seed: int, beat: Beat) -> Listing | None:
    """The seat's menu in this beat of its day, or None where it is not asked.

    The most salient options stand on it, ties by lot, no more of an act than MOST_OF_AN_ACT; so does the option
    that chooses nothing, always. Their order is shuffled.
    """
    candidates = _candidates(knowledge, scenario, beat)
    if len(candidates) < 2:
        return None
    lot = stream(seed, "menu", knowledge.day, beat, knowledge.seat)
    *others, rest = candidates
    ranked = sorted(others, key=lambda candidate: (-candidate.salience, lot.random()))
    kept = [*_varied(ranked, MOST_OF_AN_ACT.get(beat, MOST_OPTIONS)), rest]
    lot.shuffle(kept)
    options = tuple(candidate.make() for candidate in kept)
    menu = Menu(knowledge.seat, options, options[kept.index(rest)].phrase, MOST_MOVES[beat])
    return Listing(menu, {option.phrase: candidate.terms for option, candidate in zip(options, kept, strict=True)})
