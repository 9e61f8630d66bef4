"""What asking a mind costs, by its reference: nothing on this machine, else what the catalogue says, else unknown.

A price that nobody told is never guessed. This module asks no mind and no host anything.
"""

from decimal import ROUND_CEILING
from ipaddress import ip_address

from fivepenny.minds import remote
from fivepenny.minds.meter import FREE, NANODOLLARS, Price
from fivepenny.minds.touring import SCHEME, Dollars, PriceRow, catalogue

EMBEDDED_KINDS = frozenset({"house", "gguf", "hf", SCHEME})
"""Schemes of the minds that run in this process."""
_FREE_KINDS = EMBEDDED_KINDS | {"understudy", "null", "human"}
_PRICED_TOKENS = 1_000_000
_LOOPBACK_NAME = "localhost"


def price_of(reference: str) -> Price | None:
    """What a token costs with the mind of this reference; None where nobody knows.

    A server at a loopback address is free, unless a row of the catalogue names its host: it may pass requests on.
    Raises `UnknownMind` for a malformed `openai:` reference, and what `catalogue` raises.
    """
    kind = reference.partition(":")[0]
    if kind in _FREE_KINDS:
        return FREE
    if kind != remote.KIND:
        return None
    address = remote.parse_reference(reference)
    row = catalogue().find_price(address.host, address.model)
    if row is not None:
        return _price(row)
    return FREE if is_loopback(address.host) else None


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own, by its form alone; nothing is looked up."""
    if host == _LOOPBACK_NAME or host.endswith(f".{_LOOPBACK_NAME}"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _price(row: PriceRow) -> Price:
    cached = row.prompt_dollars if row.cached_dollars is None else row.cached_dollars
    return Price(_nanodollars(row.prompt_dollars), _nanodollars(cached), _nanodollars(row.completion_dollars))


def _nanodollars(dollars: Dollars) -> int:
    """Billionths of a dollar a token, of dollars a million tokens; rounded up, so that a budget is never overrun."""
    return int((dollars * NANODOLLARS / _PRICED_TOKENS).to_integral_value(ROUND_CEILING))
