"""The reckoning of aims: what has to be remembered of a season's events to weigh what its seats are after.

A fold over the bodies of all events. Holds no balances, and is there only where somebody is after something.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.aims import FAILED_POINTS, PATRON, UNPAID_POINTS, WORD_POINTS, Aim
from fivepenny.claims import Truth
from fivepenny.events import Body
from fivepenny.scenario import Scenario


@dataclass(slots=True)
class Reckoning:
    """How the aims of a table stand.

    `opening_pence` is what the Patron was worth at the opening, `settled` who has reached (or lost) its aim already,
    `believers` by claim how many have believed each who told it, `true_tips` how often each was believed in what then
    came true, `fallen` who has ever failed to pay, `points` what the table has said and seen of the Patron.
    """

    aims: Mapping[str, Aim]
    last_day: int
    opening_pence: int
    settled: dict[str, bool] = field(default_factory=dict)
    believers: dict[int, Counter[str]] = field(default_factory=dict)
    true_tips: Counter[str] = field(default_factory=Counter)
    fallen: dict[str, None] = field(default_factory=dict)  # in the order of falling, alike in every run
    points: int = 0
    judged: bool = False

    def take(self, body: Body) -> None:
        """Take in an event, whoever may know of it."""
        match body:
            case hap.Weighed(teller=teller, claim=claim, believed=True):
                self.believers.setdefault(claim, Counter())[teller] += 1
            case hap.Settled(claim=claim, truth=truth):
                believed = self.believers.pop(claim.number, Counter[str]())
                if truth is Truth.TRUE:
                    self.true_tips += believed
            case hap.Defaulted(borrower=seat):
                self.fallen[seat] = None
                self.points += UNPAID_POINTS if seat == PATRON else 0
            case fail.Failed(seat=seat):
                self.fallen[seat] = None
                self.points += FAILED_POINTS if seat == PATRON else 0
            case hap.Spoken(act=act, hearer=seat) if seat == PATRON:
                self.points += WORD_POINTS.get(act, 0)
            case _:
                pass

    def fork(self) -> "Reckoning":
        """The same, to go its own way."""
        return replace(
            self,
            settled=dict(self.settled),
            believers={claim: Counter(tellers) for claim, tellers in self.believers.items()},
            true_tips=Counter(self.true_tips),
            fallen=dict(self.fallen),
        )


def open_reckoning(scenario: Scenario, last_day: int) -> Reckoning | None:
    """The reckoning before the first event; None where nobody is after anything."""
    if not scenario.aims:
        return None
    opening_pence = 0
    if scenario.patron and PATRON in scenario.seat_names:
        goods = sum(units * scenario.good(good).price_pence for good, units in scenario.patron.stock.items())
        opening_pence = scenario.patron.purse_pence + goods
    return Reckoning(scenario.aims, last_day, opening_pence)
