"""The playbill: one HTML file that shows a season to whoever opens it, from disk, without a network.

Puts together cast, charts, scenes, debts and counts; the page itself is a template of the package, filled with
autoescape on. What a cast row or a count says is passed in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources

from jinja2 import Environment, StrictUndefined

from fivepenny import courts, hires
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.chronicle import Chronicle, Row
from fivepenny.clock import Beat, say_count
from fivepenny.drama.charts import HistoryPoint, PricePoint, fortune_chart, price_chart
from fivepenny.drama.court_file import court_files
from fivepenny.drama.names import OUTSIDE, Names
from fivepenny.drama.paper import paper_trail
from fivepenny.drama.screenplay import Dialogue, Screenplay
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.money import format_pence
from fivepenny.outcomes import outcome_of


@dataclass(frozen=True, slots=True)
class CastRow:
    """Who sat in a seat. `parameters` counts weights, 0 for a rule or a person.

    What a model's file calls itself is not ours: of `mind`, `lab` and `family` only what can be printed is shown.
    """

    seat: str
    full_name: str
    trade: str
    mind: str
    lab: str
    family: str
    parameters: int


def _shown(row: CastRow) -> CastRow:
    mind, lab, family = ("".join(filter(str.isprintable, name)) for name in (row.mind, row.lab, row.family))
    return replace(row, mind=mind, lab=lab, family=family)


@dataclass(frozen=True, slots=True)
class PriceFigure:
    """A chart of a good with what stands under it."""

    name: str
    chart: str
    history_unit: str
    history_source: str


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A debt as the table shows it."""

    lender: str
    borrower: str
    lent: str
    owed: str
    due_day: int
    end: str
    failed: bool
    events: str


@dataclass(frozen=True, slots=True)
class Meter:
    """What each mind used: columns, a row of texts for each, the first of them its reference; and remarks on it all."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()

    def printable(self) -> "Meter":
        """The same with nothing that cannot be printed: references may hold what a server calls itself."""
        rows = [["".join(filter(str.isprintable, cell)) for cell in row] for row in self.rows]
        return Meter(self.columns, rows, ["".join(filter(str.isprintable, remark)) for remark in self.remarks])


NO_METER = Meter((), ())


def say_parameters(parameters: int) -> str:
    """A count of weights as one says it: '1.4 million', '135 million', '20 billion'; empty for none."""
    for size, word in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if parameters >= size:
            value = parameters / size
            return f"{value:.1f} {word}" if value < 10 else f"{value:.0f} {word}"
    return str(parameters) if parameters else ""


def _history(chronicle: Chronicle | None, asset: str, days: int) -> tuple[list[HistoryPoint], str, str]:
    """The dated prices of an asset in the chronicle's most used unit, the unit, and the sources."""
    rows = [row for row in chronicle.rows if row.asset == asset and row.price is not None] if chronicle else []
    if chronicle is None or not rows:
        return [], "", ""
    units = [row.unit for row in rows]
    unit = max(dict.fromkeys(units), key=units.count)
    kept = [row for row in rows if row.unit == unit]
    points = [HistoryPoint(chronicle.day_of(row, days), _date(row), row.price or 0.0) for row in kept]
    return points, unit, f"{kept[0].date.year} to {kept[-1].date.year}" if _years(kept) else str(kept[0].date.year)


def _years(rows: Sequence[Row]) -> bool:
    return rows[0].date.year != rows[-1].date.year


def _date(row: Row) -> str:
    return f"{row.date.day} {row.date:%b %Y}"


def _price_figures(header: Header, events: Sequence[Event]) -> list[PriceFigure]:
    names = Names(header.scenario)
    prices: dict[str, list[PricePoint]] = {good: [] for good in header.scenario.good_names}
    for event in events:
        body = event.body
        if isinstance(body, hap.Cleared) and body.price_pence is not None:
            prices.setdefault(body.good, []).append(PricePoint(event.day, body.price_pence))
    figures = []
    for good, points in prices.items():
        history, unit, when = _history(header.chronicle, good, header.days)
        name = names.good(good).text
        name = name[:1].upper() + name[1:]
        chart = price_chart(f"price-{good}", f"{name}: price by day", header.days, points, history, unit)
        figures.append(PriceFigure(name, chart, unit, when))
    return figures


def _fortunes(header: Header, events: Sequence[Event]) -> str:
    names = Names(header.scenario)
    worths: dict[str, list[PricePoint]] = {}
    for event in events:
        if isinstance(event.body, hap.DayClosed):
            for seat, pence in zip(event.body.seats, event.body.worths_pence, strict=True):
                worths.setdefault(names.person(seat).text, []).append(PricePoint(event.day, pence))
    return fortune_chart("What each is worth at the day's prices", header.days, worths)


@dataclass(frozen=True, slots=True)
class _Debt:
    """A debt as it was made: between whom, how much is owed by when, what for, and the event that made it."""

    lender: str
    borrower: str
    owed_pence: int
    due_day: int
    made: str
    event: int


def _debts_of(event: Event) -> Iterator[tuple[int, _Debt]]:
    """The debt that an event makes, by the number of its loan."""
    day, number = event.day, event.number
    match event.body:
        case hap.Lent(loan, lender, borrower, principal_pence, owed_pence, due_day):
            made = f"{format_pence(principal_pence)}, day {day}"
            yield loan, _Debt(lender, borrower, owed_pence, due_day, made, number)
        case hap.Owes(loan, lender, borrower, owed_pence, due_day):
            made = "before day 1" if event.beat is Beat.DAWN else f"for a broken pact, day {day}"
            yield loan, _Debt(lender, borrower, owed_pence, due_day, made, number)
        case hires.HireClosed() as body if body.loan:
            made = f"for hired goods, day {day}"
            yield body.loan, _Debt(body.owner, body.hirer, body.owed_pence, body.due_day, made, number)
        case courts.Fined() as body:
            yield body.loan, _Debt(OUTSIDE, body.seat, body.owed_pence, body.due_day, f"a fine, day {day}", number)
        case _:
            pass


def loan_rows(header: Header, events: Sequence[Event]) -> list[LoanRow]:
    """Every debt of the season in the order it was made, with how it ended."""
    names = Names(header.scenario)
    debts = dict(row for event in events for row in _debts_of(event))
    ends = {body.loan: (event, body) for event in events if isinstance(body := event.body, hap.Repaid | hap.Defaulted)}
    since, trail = _since(events), paper_trail(names, events)
    rows = []
    for loan, debt in debts.items():
        numbers, end, failed = [debt.event], "open", False
        if loan in ends:
            last, ending = ends[loan]
            numbers.append(last.number)
            failed = isinstance(ending, hap.Defaulted)
            end = _ending(last.day, ending) + (since[loan].text if loan in since else "")
            numbers += since[loan].numbers if loan in since else []
        for text, number in trail.get(loan, ()):
            end += f"; {text}"
            numbers.append(number)
        lender = "The town" if debt.lender == OUTSIDE else names.person(debt.lender).text
        borrower, owed = names.person(debt.borrower).text, format_pence(debt.owed_pence)
        events_text = ", ".join(str(number) for number in sorted(set(numbers)))
        rows.append(LoanRow(lender, borrower, debt.made, owed, debt.due_day, end, failed, events_text))
    return rows


def _ending(day: int, body: hap.Repaid | hap.Defaulted) -> str:
    if isinstance(body, hap.Repaid):
        return f"repaid early, day {day}" if body.early else f"repaid, day {day}"
    return f"default, day {day}: {format_pence(body.lost_pence)} unpaid"


@dataclass(slots=True)
class _Since:
    """What came of a loan after its default: of the estate so far, and lost; with the events that tell it."""

    paid_pence: int = 0
    lost_pence: int = 0
    numbers: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The end of the line of the table."""
        paid = f"; {format_pence(self.paid_pence)} paid since" if self.paid_pence else ""
        return paid + (f"; {format_pence(self.lost_pence)} lost" if self.lost_pence else "")


def _since(events: Sequence[Event]) -> dict[int, _Since]:
    """By loan, what its debtor's estate came to."""
    found: dict[int, _Since] = {}
    for event in events:
        match event.body:
            case fail.EstatePaid(loans=loans, paid_pence=parts):
                for loan, pence in zip(loans, parts, strict=True):
                    row = found.setdefault(loan, _Since())
                    row.paid_pence += pence
                    row.numbers.append(event.number)
            case fail.ClaimLost(loan=loan, lost_pence=pence):
                row = found.setdefault(loan, _Since())
                row.lost_pence += pence
                row.numbers.append(event.number)
    return found


def _said(screenplay: Screenplay) -> tuple[int, int]:
    lines = [e for scene in screenplay.scenes for e in scene.elements if isinstance(e, Dialogue) and not e.aside]
    return len(lines), sum(any(mark.lie for mark in line.marks) for line in lines)


def render_playbill(
    header: Header,
    events: Sequence[Event],
    screenplay: Screenplay,
    cast: Sequence[CastRow],
    counts: Mapping[str, int],
    meter: Meter = NO_METER,
) -> str:
    """The playbill as one HTML page. `counts` are shown by their names (turns, understudy turns, refusals by cause)."""
    source = resources.files("fivepenny") / "data" / "templates" / "playbill.html.j2"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["parameters"] = say_parameters
    template = environment.from_string(source.read_text(encoding="utf-8"))
    lines, lies = _said(screenplay)
    return template.render(
        screenplay=screenplay,
        place=header.scenario.place,
        place_name=header.scenario.place.partition(",")[0],
        seed=header.seeds_told,
        cast=[_shown(row) for row in cast],
        wants={seat.name: (seat.wants, seat.cannot) for seat in header.scenario.seats},
        figures=_price_figures(header, events),
        fortunes=_fortunes(header, events),
        loans=loan_rows(header, events),
        cases=court_files(header, events),
        outcome=outcome_of(header.scenario, events),
        called={seat.name: seat.full_name for seat in header.scenario.seats},
        counts=counts,
        meter=meter.printable(),
        lines=lines,
        lies=lies,
        seats=say_count(len(cast)).capitalize(),
        days=say_count(max((event.day for event in events), default=0)),
        days_played=max((event.day for event in events), default=0),
    )
