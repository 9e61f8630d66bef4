"""Moments: what is worth telling, how much it weighs, and what a reader would call it.

The table of weights stands here. Knows no events beyond their numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fivepenny.drama.names import Word

LEAST_WEIGHT = 12
"""Below this nothing is narrated."""


class Kind(NamedTuple):
    """A kind of moment: how much it matters, 0 to 100, and what a scene's reasons call it."""

    weight: int
    reason: str


KINDS: Mapping[str, Kind] = {
    "default": Kind(100, "a default"),
    "default_near": Kind(100, "a default by a little"),
    "default_whole": Kind(100, "a default on the whole debt"),
    "pulled_down": Kind(99, "one is pulled down by another"),
    "failed": Kind(98, "one cannot pay"),
    "default_called": Kind(96, "a debt falls due before its day"),
    "ruined": Kind(95, "a ruin"),
    "verdict_exile": Kind(94, "one is sent away"),
    "honour_lost": Kind(94, "a debtor's honour"),
    "foreclosed": Kind(94, "a pledge taken, and too little"),
    "goal_worth": Kind(93, "the Patron's goal"),
    "goal_purse": Kind(93, "the Patron's goal"),
    "goal_own": Kind(93, "the Patron's goal"),
    "goal_ruin": Kind(93, "the Patron's goal"),
    "pool_broken": Kind(92, "a pact broken"),
    "verdict_freeze": Kind(91, "one is barred from trade"),
    "floor_broken": Kind(91, "a pact broken"),
    "shun_broken": Kind(91, "a pact broken"),
    "want_worth": Kind(91, "one has what was wanted"),
    "want_purse": Kind(91, "one has what was wanted"),
    "want_believed": Kind(91, "one has what was wanted"),
    "house_failed": Kind(90, "a house outside failed"),
    "rescue": Kind(88, "a bank is helped"),
    "foreclosed_whole": Kind(88, "a pledge taken"),
    "verdict_fine": Kind(87, "a verdict"),
    "perjured": Kind(86, "a false oath"),
    "season_closed": Kind(85, "the end"),
    "goal_missed": Kind(84, "the Patron goes without"),
    "want_honour": Kind(83, "one has what was wanted"),
    "want_hold": Kind(82, "one has what was wanted"),
    "squeeze": Kind(82, "one who sold short is squeezed"),
    "acquitted": Kind(81, "an acquittal"),
    "hold_lost": Kind(81, "one has not what was wanted"),
    "season_opened": Kind(80, "the beginning"),
    "accused": Kind(78, "an accusation"),
    "accused_bribe": Kind(78, "an accusation"),
    "gone": Kind(76, "an empty chair"),
    "hire_closed": Kind(76, "hired goods that never come back"),
    "refused_loan": Kind(75, "a refused loan"),
    "case_of_oath": Kind(75, "a case opens"),
    "wants_unmet": Kind(74, "what is still wanted"),
    "claim_lost": Kind(74, "a debt that will not be paid"),
    "case_of_letter": Kind(74, "a case opens"),
    "discharged_paid": Kind(73, "a debtor who paid in the end"),
    "case_opened": Kind(73, "a case opens"),
    "case_of_tape": Kind(73, "a case opens"),
    "need_rises": Kind(72, "every house needs more of a good"),
    "need_falls": Kind(72, "every house needs less of a good"),
    "need_usual": Kind(72, "every house needs what is usual of a good"),
    "discharged_lost": Kind(71, "a debtor let go"),
    "withdrawal": Kind(70, "a deposit asked for"),
    "withdrawal_forced": Kind(70, "a deposit asked for by creditors"),
    "kindness_repaid": Kind(70, "a loan returned in kind"),
    "lie_exposed_believed": Kind(68, "a lie that was believed comes out"),
    "promise_broken": Kind(68, "a word broken"),
    "returned": Kind(67, "one comes back"),
    "sworn_made_it": Kind(67, "a confession"),
    "sworn_owns": Kind(67, "a confession"),
    "called": Kind(66, "a debt called in"),
    "promise_unpaid": Kind(66, "a word to pay broken"),
    "called_in": Kind(66, "a threat carried out"),
    "oath_bought": Kind(66, "an oath bought"),
    "bribe_read_oath": Kind(65, "a bribe read out"),
    "shun_signed": Kind(64, "a pact against a third"),
    "paper_sold": Kind(64, "a debt sold"),
    "told_room_debt": Kind(64, "a threat carried out"),
    "buy_in_missed": Kind(64, "nobody sells to one who must buy"),
    "bribe_read_taken": Kind(64, "a bribe read out"),
    "deposit_old": Kind(63, "money in keeping"),
    "margin_short": Kind(63, "a margin that cannot be met"),
    "owes": Kind(62, "an old debt"),
    "told_room": Kind(62, "a threat carried out"),
    "bribe_read": Kind(62, "a bribe read out"),
    "sworn_told": Kind(61, "an oath"),
    "sworn_not_told": Kind(61, "an oath"),
    "sworn_had_it": Kind(61, "an oath"),
    "sworn_holds": Kind(61, "an oath"),
    "pool_funded": Kind(61, "a pact to buy together, and money in it"),
    "bribe_taken": Kind(61, "a bribe taken"),
    "oath_sought": Kind(61, "money for an oath"),
    "sworn_money": Kind(61, "an oath"),
    "sworn_no_money": Kind(61, "an oath"),
    "sworn_denies": Kind(61, "an oath"),
    "refused_money": Kind(60, "refused money"),
    "claim_sold": Kind(60, "a bad debt sold"),
    "refused_loan_said": Kind(60, "a refused loan"),
    "purse_passed": Kind(60, "books opened"),
    "letter_read": Kind(59, "a letter read out"),
    "books_opened": Kind(59, "books opened"),
    "went_without": Kind(58, "a house goes without"),
    "one_dish_stays": Kind(58, "a house eats too few kinds of food"),
    "threatened_pay": Kind(58, "a threat"),
    "threatened_leave": Kind(58, "a threat"),
    "pool_signed": Kind(57, "a pact to buy together"),
    "floor_signed": Kind(57, "a pact over a price"),
    "forced_sale": Kind(57, "goods sold for creditors"),
    "hire_recalled": Kind(57, "hired goods called in"),
    "lent_on_pledge": Kind(56, "a loan against a pledge"),
    "lie_believed": Kind(56, "a lie believed"),
    "bought_in": Kind(56, "goods bought in"),
    "lie_exposed": Kind(55, "a lie comes out"),
    "repaid_early": Kind(55, "a debt paid early"),
    "asked_in_vain": Kind(54, "no answer"),
    "yielded": Kind(54, "one gives way"),
    "bribe_spurned": Kind(53, "a bribe refused"),
    "bribe_unpaid": Kind(53, "a bribe that could not be paid"),
    "redeemed": Kind(52, "a pledge redeemed"),
    "new_first": Kind(52, "a new richest"),
    "unanswered": Kind(52, "no answer"),
    "lent_on_terms": Kind(51, "a loan on other terms"),
    "defied": Kind(51, "a threat defied"),
    "hire_overdue": Kind(51, "hired goods not brought back"),
    "deal_off": Kind(50, "a bargain that came to nothing"),
    "withdrawal_said": Kind(50, "a deposit asked for"),
    "repaid": Kind(50, "a debt paid on its day"),
    "lent": Kind(50, "a loan"),
    "lent_by_town": Kind(50, "credit from outside"),
    "refused_money_said": Kind(50, "refused money"),
    "pact_joined": Kind(49, "a third joins a pact"),
    "bribed": Kind(49, "a bribe offered"),
    "hired": Kind(49, "goods hired to be sold"),
    "extended": Kind(48, "more days for a debt"),
    "struck_less": Kind(48, "a shortage"),
    "struck_more": Kind(48, "a glut"),
    "queue_longer": Kind(48, "a longer line at a bank"),
    "purse_empty": Kind(47, "books opened"),
    "forced_unsold": Kind(46, "goods that do not sell for creditors"),
    "press": Kind(46, "a debtor pressed"),
    "lie_doubted": Kind(46, "a lie doubted"),
    "estate_paid": Kind(45, "creditors paid in part"),
    "bid_met": Kind(44, "a bid that was met"),
    "bid_missed": Kind(44, "a bid that was not met"),
    "offer_met": Kind(44, "an offer that was taken"),
    "offer_missed": Kind(44, "an offer that was not taken"),
    "lie": Kind(44, "a lie"),
    "offered_in_vain": Kind(44, "no answer"),
    "threat_lapsed": Kind(43, "a threat not carried out"),
    "deal_declined": Kind(42, "a bargain declined"),
    "pact_kept": Kind(42, "a pact kept"),
    "shun_kept": Kind(42, "a pact kept"),
    "hire_fell_through": Kind(42, "a hire that came to nothing"),
    "queue": Kind(42, "a line at a bank"),
    "pact_spurned": Kind(41, "a pact refused"),
    "countered_pledge": Kind(40, "a pledge asked for or offered"),
    "lent_said": Kind(40, "a loan"),
    "lie_believed_said": Kind(40, "a lie believed"),
    "new_last": Kind(40, "a new poorest"),
    "repaid_said": Kind(40, "a debt paid on its day"),
    "promised_hold": Kind(39, "a promise"),
    "promised_pay": Kind(39, "a promise"),
    "countered": Kind(38, "other terms"),
    "turn": Kind(38, "one turns from another"),
    "promise_kept": Kind(37, "a word kept"),
    "paper_sought": Kind(36, "a bid for a debt"),
    "paper_offered": Kind(36, "a debt for sale"),
    "all": Kind(36, "one buyer takes all of a good"),
    "one_dish": Kind(35, "a house sends out for another kind of food"),
    "margin_met": Kind(35, "a margin called"),
    "sent_out": Kind(34, "a house sends out"),
    "corner": Kind(34, "one buyer takes most of a good"),
    "extension_asked": Kind(33, "a debtor asks for days"),
    "pact_proposed": Kind(33, "a pact proposed"),
    "shun_proposed": Kind(33, "a pact proposed"),
    "pact_void": Kind(33, "a pact that came too late"),
    "lie_doubted_said": Kind(32, "a lie doubted"),
    "asked_loan": Kind(32, "a loan asked for"),
    "rumour_sooner": Kind(31, "a rumour that grew"),
    "rumour_later": Kind(31, "a rumour that changed"),
    "hire_declined": Kind(31, "goods that are not let go"),
    "offered_loan": Kind(30, "a loan offered"),
    "news": Kind(30, "news"),
    "queue_shorter": Kind(30, "a shorter line at a bank"),
    "deposit": Kind(29, "money laid in keeping"),
    "whispered": Kind(28, "a rumour"),
    "deposit_back": Kind(27, "money brought back to a bank"),
    "hire_unanswered": Kind(27, "no answer"),
    "plead": Kind(26, "a debtor asks for time"),
    "promise_paid": Kind(25, "a word kept"),
    "brought_back": Kind(25, "hired goods brought back"),
    "collect": Kind(24, "words over a default"),
    "first_trade": Kind(24, "a first trade"),
    "passes": Kind(24, "one passes another"),
    "menaced": Kind(23, "a manner"),
    "needle": Kind(22, "an old injury"),
    "run": Kind(22, "one buyer day after day"),
    "repaid_early_said": Kind(20, "a debt paid early"),
    "thank": Kind(20, "an old kindness"),
    "unfilled": Kind(20, "a bid that found nothing"),
    "tip_failed": Kind(18, "a tip that failed"),
    "bill_paid": Kind(16, "a bill paid"),
    "flattered": Kind(15, "a manner"),
    "evaded": Kind(15, "a manner"),
    "tip": Kind(8, "a tip"),
    "trade": Kind(8, "a trade"),
    "poorer": Kind(6, "a fortune lost"),
    "richer": Kind(4, "a fortune made"),
}
"""Every kind, the weightiest first. A day's weightiest moments are told; nothing else follows from a weight."""

_TRADES = (
    "first_trade",
    "corner",
    "all",
    "run",
    "unfilled",
    "trade",
    "bid_met",
    "bid_missed",
    "offer_met",
    "offer_missed",
)
GROUPS: Mapping[str, str] = {
    **dict.fromkeys(_TRADES, "trade"),
    **dict.fromkeys(("lie_exposed", "lie_exposed_believed", "tip_failed"), "exposed"),
    **dict.fromkeys(("sent_out", "went_without", "one_dish", "one_dish_stays"), "want"),
    **dict.fromkeys(("new_first", "new_last", "passes", "richer", "poorer"), "fortune"),
    **dict.fromkeys(("failed", "pulled_down"), "failed"),
    **dict.fromkeys(("default_called", "claim_lost"), "unpaid"),
    **dict.fromkeys(("forced_sale", "forced_unsold", "estate_paid"), "estate"),
    **dict.fromkeys(("hire_declined", "hire_unanswered", "brought_back", "margin_met"), "hire"),
    **dict.fromkeys(("squeeze", "bought_in", "buy_in_missed", "hire_overdue", "margin_short"), "bought_in"),
    **dict.fromkeys(("floor_signed", "pool_signed", "pool_funded", "shun_signed", "pact_joined"), "signed"),
    **dict.fromkeys(("pact_proposed", "shun_proposed", "pact_spurned", "pact_void"), "proposed"),
    **dict.fromkeys(("pact_kept", "shun_kept"), "kept"),
    **dict.fromkeys(("floor_broken", "pool_broken", "shun_broken"), "broken"),
    **dict.fromkeys(("queue", "queue_longer", "queue_shorter"), "queue"),
    "deposit_old": "slip",
    **dict.fromkeys(("menaced", "flattered", "evaded"), "manner"),
    **dict.fromkeys(("rumour_sooner", "rumour_later"), "rumour"),
    **dict.fromkeys(("promised_hold", "promised_pay", "promise_kept", "promise_paid"), "promise"),
    "news": "news",
    "lent_by_town": "town",
    "called": "called",
    **dict.fromkeys(("sworn_told", "sworn_not_told", "sworn_had_it", "sworn_made_it", "sworn_holds"), "oath"),
    **dict.fromkeys(("sworn_money", "sworn_no_money", "sworn_owns", "sworn_denies"), "oath"),
    **dict.fromkeys(("letter_read", "bribe_read", "bribe_read_taken", "bribe_read_oath"), "letter"),
}
"""Kinds that are much alike: a day tells few of each group."""

MOST_OF_GROUP: Mapping[str, int] = {
    "trade": 1, "exposed": 1, "want": 1, "fortune": 1, "news": 1, "town": 1, "called": 1,
    "queue": 1, "slip": 1, "hire": 1, "bought_in": 2,
    "failed": 2, "unpaid": 1, "estate": 1, "oath": 2, "letter": 1,
    "signed": 2, "proposed": 1, "kept": 1, "broken": 2,
    "manner": 1, "rumour": 1, "promise": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """Something of a day. `key` is its kind, `words` fill its sentence, `numbers` are its events in order.

    `told`: a spoken line tells it already. `needed`: a spoken line leaves it open, so that it is always told.
    `after`: the event it is told after, 0 for the last of its own.
    """

    key: str
    weight: int
    reason: str
    words: Mapping[str, Word]
    numbers: tuple[int, ...]
    told: bool = False
    after: int = 0
    needed: bool = False

    @property
    def place(self) -> int:
        """Where in the log it is told."""
        return self.after or self.numbers[-1]


def moment_of(
    key: str,
    words: Mapping[str, Word],
    *numbers: int,
    told: bool = False,
    extra: int = 0,
    after: int = 0,
    needed: bool = False,
) -> Moment:
    """A moment of this kind. `extra` is added to the weight of its kind. Raises KeyError for an unknown kind."""
    ordered = tuple(sorted(set(numbers)))
    kind = KINDS[key]
    return Moment(key, min(100, kind.weight + extra), kind.reason, words, ordered, told, after, needed)
