"""Menus: the options of a seat in a beat, picked by salience from everything it could do.

A menu is worked out from a seat's knowledge, the scenario and the seed, and so can be worked out again from the
events that the seat has seen.
"""

from collections.abc import Callable, Mapping

from fivepenny.clock import Beat
from fivepenny.market.bribery_menu import put_bribe_charges, put_oath_bribes
from fivepenny.market.court_menu import put_accusations, put_testimony
from fivepenny.market.deposits_menu import put_deposits
from fivepenny.market.hire_menu import put_hires
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.manners import put_on
from fivepenny.market.pacts_menu import put_pacts
from fivepenny.market.paper_menu import put_paper
from fivepenny.market.paper_replies import put_counters
from fivepenny.market.parley import put_addresses, rest
from fivepenny.market.replies import put_answers, put_remarks
from fivepenny.market.shortlist import Choice, Maker, Shortlist
from fivepenny.market.stalls import hold, put_orders
from fivepenny.market.terms import Terms
from fivepenny.market.words_menu import CUSTOM as WORDS
from fivepenny.market.words_menu import put_words
from fivepenny.rng import stream
from fivepenny.scenario import Scenario
from fivepenny.values import value
from fivepenny.world import Menu

MOST_OPTIONS = 7
MOST_OF_AN_ACT = {Beat.ADDRESS: 2}
"""So that whispers, of which there are always many to tell, do not crowd out everything else."""
MOST_MOVES = {Beat.ADDRESS: 1, Beat.ANSWER: 2, Beat.MARKET: 3, Beat.DUSK: 2, Beat.REMARK: 1}

Putter = Callable[[Knowledge, Scenario, Shortlist], None]
PUTTERS: Mapping[Beat, tuple[Putter, ...]] = {
    Beat.ADDRESS: (
        *(put_addresses, put_accusations, put_pacts, put_deposits, put_paper, put_words, put_hires),
        *(put_bribe_charges, put_oath_bribes),
    ),
    Beat.ANSWER: (put_answers, put_counters),
    Beat.MARKET: (put_orders,),
    Beat.DUSK: (put_testimony,),
    Beat.REMARK: (put_remarks,),
}
"""What puts options to a shortlist, beat by beat, in this order."""


@value()
class Listing:
    """A menu and what each of its phrases means."""

    menu: Menu
    terms: Mapping[str, Terms]


def list_menu(knowledge: Knowledge, scenario: Scenario, seed: int, beat: Beat) -> Listing | None:
    """The seat's menu in this beat of its day, or None where it is not asked.

    The most salient options stand on it, ties by lot, no more of an act than MOST_OF_AN_ACT; so does the option
    that chooses nothing, always. Their order is shuffled.
    """
    if not _is_asked(knowledge, beat):
        return None
    lot = stream(seed, "menu", knowledge.day, beat, knowledge.seat)
    shortlist = Shortlist(lot, MOST_OF_AN_ACT.get(beat, MOST_OPTIONS))
    for put in PUTTERS[beat]:
        put(knowledge, scenario, shortlist)
    kept = shortlist.foremost(MOST_OPTIONS - 1)
    if not kept:
        return None
    resting: tuple[Maker, tuple[Knowledge]] = (hold if beat is Beat.MARKET else rest, (knowledge,))
    kept.append(resting)
    lot.shuffle(kept)
    choices = [make(*parts) for make, parts in kept]
    if WORDS in scenario.customs and beat is not Beat.MARKET:
        choices = [put_on(knowledge, choice, lot) for choice in choices]
    resting_phrase = choices[kept.index(resting)][1].phrase
    standing: dict[str, Choice] = {}
    for choice in choices:  # what could be done over either of two like debts stands there over one
        standing.setdefault(choice[1].phrase, choice)
    options = tuple([option for _, option in standing.values()])
    menu = Menu(knowledge.seat, options, resting_phrase, MOST_MOVES[beat])
    return Listing(menu, {phrase: terms for phrase, (terms, _) in standing.items()})


def _is_asked(knowledge: Knowledge, beat: Beat) -> bool:
    """Whether there can be anything to ask: most seats are spared most beats."""
    court = knowledge.court
    if court is not None and knowledge.seat in court.exiled:
        return False
    match beat:
        case Beat.MARKET:
            return court is None or court.frozen_until_day < knowledge.day
        case Beat.DUSK:
            return court is not None and bool(court.summons)
        case Beat.ANSWER:
            return bool(knowledge.heard)
        case Beat.REMARK:
            return bool(knowledge.befell)
        case _:
            return beat in MOST_MOVES
