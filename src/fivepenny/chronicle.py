"""Chronicles: dated news of a real episode, from CSV.

Reads and checks the rows and lays them onto the days of a season. What a kind of row does to a market is the
market's affair (`fivepenny.market.flows`); prices of the past are kept for readers alone.
"""

import csv
import datetime
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from fivepenny.errors import ChronicleError

MOST_BYTES = 4_000_000
MOST_HEADLINE = 140  # characters
PRICES_BELOW = 1e12  # in any unit; no price of a real episode comes near
Kind = TypeVar("Kind", bound=StrEnum)
REQUIRED = ("date", "asset", "kind", "headline", "price", "unit", "source")


class RowKind(StrEnum):
    """What a row of a chronicle reports."""

    NEWS = "news"
    RUMOUR = "rumour"
    PRICE = "price"
    DEFAULT = "default"
    INTERVENTION = "intervention"
    LAW = "law"
    PANIC = "panic"
    PEAK = "peak"
    CRASH = "crash"


class Effect(StrEnum):
    """Which way a reader of the day would take a row."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `price` is in the row's own unit, None where no source gives one; `told`: characters may hear it."""

    date: datetime.date
    asset: str
    kind: RowKind
    effect: Effect
    told: bool
    headline: str
    price: float | None
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The rows of an episode in order of their dates, and the CSV text they were read from."""

    name: str
    rows: tuple[Row, ...]
    text: str

    def day_of(self, row: Row, days: int) -> int:
        """The day of a season of `days` days on which a row falls: its dates stretched evenly onto 1 to `days`."""
        first, last = self.rows[0].date, self.rows[-1].date
        span = (last - first).days
        return 1 if span == 0 else 1 + (row.date - first).days * (days - 1) // span

    def by_day(self, days: int) -> dict[int, tuple[Row, ...]]:
        """The rows of each day of a season of this length; days without rows are left out."""
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            found.setdefault(self.day_of(row, days), []).append(row)
        return {day: tuple(rows) for day, rows in found.items()}


def _one_of(kinds: type[Kind], text: str, where: str, column: str) -> Kind:
    try:
        return kinds(text)
    except ValueError:
        names = ", ".join(kinds)
        raise ChronicleError(f"{where}: {column} is {text!r}; it must be one of {names}") from None


def _price(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        price = float(text)
    except ValueError:
        price = -1.0
    if not 0 <= price < PRICES_BELOW:
        raise ChronicleError(f"{where}: price is {text!r}; it must be a number of 0 or more, or empty")
    return price


def _row(cells: dict[str, str], where: str) -> Row:
    try:
        date = datetime.date.fromisoformat(cells["date"])
    except ValueError:
        raise ChronicleError(f"{where}: date is {cells['date']!r}; write it as 1720-06-02") from None
    asset, headline = cells["asset"], cells["headline"]
    if not asset.isascii() or not asset.isalnum() or asset != asset.lower():
        raise ChronicleError(f"{where}: asset is {asset!r}; it must be one short lowercase word")
    if not headline or len(headline) > MOST_HEADLINE or not headline.isprintable():
        raise ChronicleError(f"{where}: the headline must be 1 to {MOST_HEADLINE} printable characters")
    told = cells.get("told") or "yes"
    if told not in ("yes", "no"):
        raise ChronicleError(f"{where}: told is {told!r}; it must be yes or no")
    return Row(
        date=date,
        asset=asset,
        kind=_one_of(RowKind, cells["kind"], where, "kind"),
        effect=_one_of(Effect, cells.get("effect") or "none", where, "effect"),
        told=told == "yes",
        headline=headline,
        price=_price(cells["price"], where),
        unit=cells["unit"],
        source=cells["source"],
    )


def parse_chronicle(text: str, name: str) -> Chronicle:
    """The chronicle in this CSV text. Raises ChronicleError with the line that is wrong."""
    reader = csv.DictReader(text.splitlines(), strict=True)
    rows: list[Row] = []
    try:
        missing = [column for column in REQUIRED if column not in (reader.fieldnames or ())]
        if missing:
            raise ChronicleError(f"{name}: the first line must name the columns; missing: {', '.join(missing)}")
        for cells in reader:
            where = f"{name} line {reader.line_num}"
            if None in cells or None in cells.values():
                raise ChronicleError(f"{where}: it has more or fewer cells than the first line has columns")
            rows.append(_row({key: value.strip() for key, value in cells.items()}, where))
            if len(rows) > 1 and rows[-1].date < rows[-2].date:
                raise ChronicleError(f"{where}: its date is before that of the row above; sort the rows by date")
    except csv.Error as error:
        raise ChronicleError(f"{name} line {reader.line_num}: {error}") from None
    if not rows:
        raise ChronicleError(f"{name}: it has no rows")
    return Chronicle(name, tuple(rows), text)


def read_chronicle(path: Path) -> Chronicle:
    """The chronicle in this file. Raises ChronicleError where it cannot be read or played."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ChronicleError(f"{path.name}: larger than {MOST_BYTES:,} bytes; split it into episodes")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ChronicleError(f"no chronicle at {path}; give the path of a CSV file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ChronicleError(f"{path.name}: it cannot be read as UTF-8 text: {error}") from None
    return parse_chronicle(text, path.name)
