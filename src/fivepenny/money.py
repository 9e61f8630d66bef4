"""Integer pence, how they are written, and how they are shared out.

Twelve pence to the shilling, 240 to the pound. Knows nothing of accounts, prices or who owns what.
"""

import re
from collections.abc import Sequence

PENCE_PER_SHILLING = 12
PENCE_PER_POUND = 240
SHILLINGS_PER_POUND = PENCE_PER_POUND // PENCE_PER_SHILLING

_SUM_OF_MONEY = re.compile(
    r"(?P<minus>-)?"
    r"(?:£(?P<pounds>[0-9]{1,15}))?"
    r"(?: ?(?P<shillings>[0-9]{1,15})s)?"
    r"(?: ?(?P<pence>[0-9]{1,15})d)?"
)


def format_pence(amount_pence: int) -> str:
    """Write an amount: 2345 is "£9 15s 5d", -240 is "-£1", 0 is "0d". Parts that are zero are left out."""
    pounds, rest = divmod(abs(amount_pence), PENCE_PER_POUND)
    shillings, pence = divmod(rest, PENCE_PER_SHILLING)
    parts = []
    if pounds:
        parts.append(f"£{pounds}")
    if shillings:
        parts.append(f"{shillings}s")
    if pence or not parts:
        parts.append(f"{pence}d")
    return ("-" if amount_pence < 0 else "") + " ".join(parts)


def parse_pence(text: str) -> int:
    """Read an amount such as "£9 15s 5d", "30s", "-5d" as pence.

    The first part given may be of any size; the parts after it stay below the next unit (19s, 11d). Raises
    ValueError that says what is wrong.
    """
    match = _SUM_OF_MONEY.fullmatch(text.strip())
    if match is None or match.group("pounds", "shillings", "pence") == (None, None, None):
        raise ValueError(f"{text!r} is not an amount of money: write it as £9 15s 5d, in this order")
    pounds, shillings, pence = match.group("pounds", "shillings", "pence")
    if shillings and pounds is not None and int(shillings) >= SHILLINGS_PER_POUND:
        raise ValueError(f"{text!r} has {shillings} shillings beside pounds: at most 19")
    if pence and (pounds is not None or shillings is not None) and int(pence) >= PENCE_PER_SHILLING:
        raise ValueError(f"{text!r} has {pence} pence beside a larger unit: at most 11")
    amount = int(pounds or 0) * PENCE_PER_POUND + int(shillings or 0) * PENCE_PER_SHILLING + int(pence or 0)
    return -amount if match.group("minus") else amount


def split_pence(total_pence: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share an amount by weights, exactly: the shares always sum to the total.

    The method of largest remainders (Hamilton): each share is rounded towards zero, and what is left goes,
    a penny each, to the largest remainders, the earlier first among equals. A negative total is shared as the
    same positive one, with the sign put back. Raises ValueError where no weights are given, one is negative,
    or all are zero.
    """
    whole = sum(weights)
    if not weights or min(weights) < 0 or whole == 0:
        raise ValueError(f"weights must be given, none negative and not all zero: {list(weights)}")
    size, sign = abs(total_pence), -1 if total_pence < 0 else 1
    shares = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(size * weights[place] % whole), place))
    for place in by_remainder[: size - sum(shares)]:
        shares[place] += 1
    return tuple(sign * share for share in shares)
