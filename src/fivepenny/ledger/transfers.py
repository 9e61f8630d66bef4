"""The words of the ledger: accounts, transfers, and what a book answers.

Values only. This module moves nothing and knows no balance; the book and its auditor each do their own
arithmetic over these values.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal

from fivepenny.values import value

OUTSIDE: Final = "outside"
"""The owner that stands for the rest of the world; its free account alone may go below zero."""

Kind = Literal["free", "pledged", "reserved"]
FREE: Final = "free"
RESERVED: Final = "reserved"
PLEDGED: Final = "pledged"
KINDS: Final[tuple[Kind, ...]] = (FREE, PLEDGED, RESERVED)

MAX_AMOUNT: Final = 10**12
"""The most that one transfer may move, in pence or units: a million such still fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where an owner keeps assets: freely at hand, reserved for an order of the day, or pledged for what it owes."""

    owner: str
    kind: Kind = FREE


@lru_cache(maxsize=1024)
def account(owner: str, kind: Kind = FREE) -> Account:
    """The account of this owner: one value for all the transfers of a season."""
    return Account(owner, kind)


@value(kw_only=True)
class Transfer:
    """One movement of `amount` (pence or units, an integer above zero) of an asset from source to target.

    `number` is the transfer's identity: a book posts 1, 2, 3, … without gaps, so that a batch sent twice is
    refused and a lost one is noticed, at the cost of a single counter. 0 means not numbered yet, which no
    book posts; `Book.numbered` gives the numbers.
    """

    source: Account
    target: Account
    asset: str
    amount: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """What one account holds of one asset."""

    owner: str
    kind: Kind
    asset: str
    amount: int


class RefusalCause(StrEnum):
    """Why a batch was not posted. A transfer with several faults is refused for the first in this order."""

    EMPTY_BATCH = "empty batch"
    NOT_AN_INTEGER = "not an integer"
    DUPLICATE_NUMBER = "duplicate number"
    NUMBER_AHEAD = "number ahead"
    UNKNOWN_ASSET = "unknown asset"
    UNKNOWN_ACCOUNT = "unknown account"
    SAME_ACCOUNT = "same account"
    AMOUNT_NOT_POSITIVE = "amount not positive"
    AMOUNT_TOO_LARGE = "amount too large"
    INSUFFICIENT_FUNDS = "insufficient funds"


@dataclass(frozen=True, slots=True)
class Posted:
    """A batch was posted whole: the numbers of its first and last transfer."""

    first_number: int
    last_number: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A batch was refused whole: why, and at which transfer, counted from 0 (0 for an empty batch)."""

    cause: RefusalCause
    index: int


def holdings_digest(holdings: Iterable[Holding], last_number: int) -> str:
    """Hexadecimal SHA-256 of the canonical JSON of all holdings and the last number posted."""
    rows = sorted([holding.owner, holding.kind, holding.asset, holding.amount] for holding in holdings)
    text = json.dumps({"holdings": rows, "last_number": last_number}, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
