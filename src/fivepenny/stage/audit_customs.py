"""The audits of what a table's customs add: what their events move, and whether each of them could happen.

Each custom is audited in a module of its own, from the events alone; they are joined here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from fivepenny import bribery, hires, words
from fivepenny import happenings as hap
from fivepenny.deposits import Deposited
from fivepenny.events import Body, Event
from fivepenny.header import Header
from fivepenny.ledger.transfers import FREE
from fivepenny.market.orders import PENCE
from fivepenny.pacts import PactSigned
from fivepenny.scenario import Scenario
from fivepenny.stage import audit_hire
from fivepenny.stage.audit_court import CourtAudit
from fivepenny.stage.audit_deposits import DepositsAudit
from fivepenny.stage.audit_pacts import PactsAudit, moved_by_signing
from fivepenny.stage.audit_paper import PAPER_MOVED, PaperAudit
from fivepenny.stage.audit_words import WordsAudit

Moved = tuple[str, str, str, str, str, int]
"""What a posting moves: source, its kind, target, its kind, asset, amount."""
Held = Callable[..., int]
"""What a seat holds freely: of money, or of the asset named besides."""
Loans = dict[int, hap.Lent | hap.Owes]

LOANS: Mapping[type[Body], Callable[[Any], hap.Owes | None]] = {hires.HireClosed: audit_hire.loan_of}
"""The loan that an event of a custom brings about, as it is owed; None where this one brings none."""


def free(source: str, target: str, amount: int, asset: str = PENCE) -> Moved:
    """A movement between free accounts."""
    return (source, FREE, target, FREE, asset, amount)


MOVED: Mapping[type[Body], Callable[[Any], list[Moved]]] = {
    **PAPER_MOVED,
    words.BribeTaken: lambda body: [free(body.by, body.to, body.pence)],
    bribery.OathBought: lambda body: [free(body.by, body.to, body.pence)],
    PactSigned: moved_by_signing,
    **audit_hire.MOVED,
    Deposited: lambda body: [free(body.holder, body.banker, body.pence)],
}
"""What each kind of event of the customs must have moved; a kind that is missing moves nothing."""


class CustomAudit(Protocol):
    """A custom as the events make it."""

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event, before it is posted and before its loan is struck out or entered."""
        ...

    def worth(self, seat: str, last_pence: Mapping[str, int]) -> int:
        """What the custom adds to a seat's worth, in pence: what is owed to it in goods or money, less what it owes."""
        ...


def custom_audits(scenario: Scenario, loans: Loans, header: Header) -> tuple[CustomAudit, ...]:
    """The audits of this scenario's customs. `loans` are those that stand, kept by the caller; `header`: for seeds.

    All but the court and paper are audited everywhere: so that none is found where there are no such things.
    """

    def call(number: int, due_day: int) -> None:
        loans[number] = replace(loans[number], due_day=due_day)

    # Paper comes first: it wants to see a loan as it was before a threat called it in.
    audits: list[CustomAudit] = [PaperAudit(scenario, loans)] if "paper" in scenario.customs else []
    audits += [
        WordsAudit(scenario, loans, call),
        PactsAudit(scenario),
        DepositsAudit(header, loans),
        audit_hire.HireAudit(scenario),
    ]
    if "court" in scenario.customs:
        audits.append(CourtAudit(scenario))
    return tuple(audits)


def expects_goods(audits: Iterable[CustomAudit], seat: str) -> bool:
    """Whether goods on hire are still to come back to a seat, so that its estate stays open."""
    return any(isinstance(audit, audit_hire.HireAudit) and audit.expects(seat) for audit in audits)
