"""Charts as inline SVG: a good's price beside its history, and the fortunes of the table.

Takes numbers and texts and gives markup that is safe to put into a page: every text is escaped. Colours come from
the page's own variables, so that a chart follows light and dark. Knows nothing of events.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from fivepenny.money import PENCE_PER_POUND, PENCE_PER_SHILLING, format_pence

WIDTH, HEIGHT = 480, 230
LEFT, RIGHT, TOP, BOTTOM = 52, 58, 16, 38
LABEL_GAP = 14
TICKS = 4

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A clearing price in pence on a day."""

    day: int
    pence: int


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """A price of the past: the day of the season it is laid on, its date in words, the price in its own unit."""

    day: int
    date: str
    price: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from values to the plot's points."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies."""
        span = self.most - self.least
        share = 0.5 if span == 0 else (value - self.least) / span
        return round(self.start + share * (self.end - self.start), 1)


def nice_step(span: float, steps: Sequence[float]) -> float:
    """The smallest of these steps, doubled beyond the last, that divides a span into a few parts."""
    wanted = span / TICKS
    for step in steps:
        if step >= wanted:
            return step
    step = steps[-1]
    while step < wanted:
        step *= 2
    return step


_PENCE_STEPS = (
    1,
    2,
    3,
    6,
    *(PENCE_PER_SHILLING * n for n in (1, 2, 5, 10)),
    *(PENCE_PER_POUND * n for n in (1, 2, 5, 10)),
)
_PLAIN_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def ticks(least: float, most: float, steps: Sequence[float]) -> list[float]:
    """Round values from at most `least` to at least `most`."""
    step = nice_step(max(most - least, steps[0]), steps)
    first, last = math.floor(least / step), max(math.ceil(most / step), math.floor(least / step) + 1)
    return [place * step for place in range(first, last + 1)]


def _path(points: Sequence[Point]) -> str:
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in points)


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'


def _days_axis(days: int, scale: Scale) -> str:
    step = next((step for step in (1, 5, 10, 50, 100, 500) if days / step <= 8), 1000)
    marked = [1, *range(step, days + 1, step)] if step > 1 else range(1, days + 1)
    base = HEIGHT - BOTTOM
    parts = [f'<line x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}" class="axis"/>']
    parts += [_text(scale.at(day), base + 16, str(day), "tick", "middle") for day in marked]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "day of the season", "tick", "middle"))
    return "".join(parts)


def _grid(values: Sequence[float], scale: Scale) -> str:
    return "".join(
        f'<line x1="{LEFT}" y1="{scale.at(value):g}" x2="{WIDTH - RIGHT}" y2="{scale.at(value):g}" class="grid"/>'
        + _text(LEFT - 6, scale.at(value) + 4, format_pence(round(value)), "tick", "end")
        for value in values
    )


def _frame(title: str, description: str, name: str, inner: Sequence[str]) -> str:
    ids = f"{name}-title {name}-desc"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{escape(ids)}">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-desc">{escape(description)}</desc>{"".join(inner)}</svg>'
    )


def _across(days: int) -> Scale:
    return Scale(1, max(days, 2), LEFT, WIDTH - RIGHT)


def _history(points: Sequence[HistoryPoint], unit: str, across: Scale) -> list[str]:
    """The dashed line of history on its own axis at the right, its highest and last point dated."""
    values = ticks(0, max(point.price for point in points), _PLAIN_STEPS)
    up = Scale(values[0], values[-1], HEIGHT - BOTTOM, TOP)
    drawn = [(across.at(point.day), up.at(point.price)) for point in points]
    parts = [f'<path d="{_path(drawn)}" class="history"/>']
    parts += [f'<circle cx="{x:g}" cy="{y:g}" r="2" class="history-dot"/>' for x, y in drawn]
    parts += [_text(WIDTH - RIGHT + 6, up.at(value) + 4, f"{value:g}", "tick history-ink") for value in values]
    peak = max(range(len(points)), key=lambda place: points[place].price)
    for place in dict.fromkeys((0, peak, len(points) - 1)):
        (x, y), point = drawn[place], points[place]
        anchor = "start" if place == 0 else "end" if place == len(points) - 1 else "middle"
        ends_low = place in (0, len(points) - 1) and y + 14 < HEIGHT - BOTTOM
        parts.append(_text(x, y + 12 if ends_low else max(TOP - 4, y - 6), point.date, "date history-ink", anchor))
    parts.append(
        f'<text transform="translate({WIDTH - 6} {(TOP + HEIGHT - BOTTOM) / 2:g}) rotate(-90)" '
        f'class="tick history-ink" text-anchor="middle">{escape(unit)}</text>'
    )
    return parts


def price_chart(
    name: str, title: str, days: int, prices: Sequence[PricePoint], history: Sequence[HistoryPoint] = (), unit: str = ""
) -> str:
    """The price of one good over the season, in pence; history dashed on an axis of its own, in `unit`."""
    across = _across(days)
    pence = [point.pence for point in prices] or [0]
    values = ticks(min(pence), max(pence), _PENCE_STEPS)
    up = Scale(values[0], values[-1], HEIGHT - BOTTOM, TOP)
    inner = [_grid(values, up), _days_axis(days, across)]
    if history:
        inner += _history(history, unit, across)
    drawn = [(across.at(point.day), up.at(point.pence)) for point in prices]
    if drawn:
        inner.append(f'<path d="{_path(drawn)}" class="price"/>')
        inner += [f'<circle cx="{x:g}" cy="{y:g}" r="2.2" class="price-dot"/>' for x, y in drawn]
        described = f"From {format_pence(pence[0])} to {format_pence(pence[-1])}, least {format_pence(min(pence))}, "
        described += f"most {format_pence(max(pence))}, on {len(prices)} days with trades."
    else:
        described = "It was never traded."
        inner.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT / 2, described, "tick", "middle"))
    if history:
        peak = max(history, key=lambda point: point.price)
        described += f" History, dashed, in {unit}: most {peak.price:g} on {peak.date}, last {history[-1].price:g}."
    return _frame(title, described, name, inner)


def spread(wanted: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Places for labels near where they are wanted, at least `gap` apart where there is room, in the same order."""
    gap = min(gap, (most - least) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed: dict[int, float] = {}
    floor = least
    for place in order:
        placed[place] = max(wanted[place], floor)
        floor = placed[place] + gap
    ceiling = most
    for place in reversed(order):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - gap
    return [placed[place] for place in range(len(wanted))]


def fortune_chart(title: str, days: int, fortunes: Mapping[str, Sequence[PricePoint]]) -> str:
    """What each seat is worth at each day's close, by the name it is labelled with; at most eight colours."""
    across = Scale(1, max(days, 2), LEFT, WIDTH - RIGHT - 12)
    every = [point.pence for points in fortunes.values() for point in points] or [0]
    values = ticks(min(0, *every), max(every), _PENCE_STEPS)
    up = Scale(values[0], values[-1], HEIGHT - BOTTOM, TOP)
    inner = [_grid(values, up), _days_axis(days, across)]
    shown = {label: points for label, points in fortunes.items() if points}
    ends = spread([up.at(points[-1].pence) for points in shown.values()], LABEL_GAP, TOP, HEIGHT - BOTTOM)
    said = []
    for place, ((label, points), end) in enumerate(zip(shown.items(), ends, strict=True)):
        drawn = [(across.at(point.day), up.at(point.pence)) for point in points]
        inner.append(f'<path d="{_path(drawn)}" class="fortune c{place % 8} d{place % 5}"/>')
        inner.append(_text(drawn[-1][0] + 7, end + 4, label, f"label c{place % 8}"))
        said.append(f"{label} from {format_pence(points[0].pence)} to {format_pence(points[-1].pence)}")
    return _frame(title, "; ".join(said) + "." if said else "No day was closed.", "fortunes", inner)
