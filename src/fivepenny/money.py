"""Integer pence, and how they are written.

Twelve pence to the shilling, 240 to the pound. Knows nothing of accounts, prices or who owns what.
"""

PENCE_PER_SHILLING = 12
PENCE_PER_POUND = 240


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
