"""What in a scenario or a chronicle is likely not meant: things that can be played, but hardly as their writer thinks.

What cannot be played at all is refused when it is read (`fivepenny.scenario`, `fivepenny.chronicle`).
"""

from collections.abc import Iterator

from fivepenny.chronicle import Chronicle, Effect, RowKind
from fivepenny.legends import CallStep, CreditStep, TradeStep
from fivepenny.scenario import Scenario

MOST_ROWS_A_DAY = 8


def scenario_warnings(scenario: Scenario, chronicle: Chronicle | None) -> tuple[str, ...]:
    """Each doubt about a scenario with its chronicle, as a line."""
    return (
        *_goods(scenario),
        *_houses(scenario),
        *_due_days(scenario),
        *_legends(scenario),
        *_crossings(scenario),
        *_people(scenario),
        *_banks(scenario),
        *(_fit(scenario, chronicle) if chronicle else ()),
        *(chronicle_warnings(chronicle) if chronicle else ()),
    )


def chronicle_warnings(chronicle: Chronicle) -> tuple[str, ...]:
    """Each doubt about a chronicle, whatever scenario it drives, as a line."""
    found: list[str] = []
    if not any(row.told for row in chronicle.rows):
        found.append(f"{chronicle.name}: no row is told; nobody at the table will hear of it")
    if chronicle.rows[0].date == chronicle.rows[-1].date:
        found.append(f"{chronicle.name}: all rows are of one date; all of it falls on the first day")
    for row in chronicle.rows:
        if row.kind is RowKind.RUMOUR and row.told and row.effect is Effect.NONE:
            found.append(f"{chronicle.name} {row.date}: a rumour without an effect is public news; is it up or down?")
    return tuple(found)


def _goods(scenario: Scenario) -> Iterator[str]:
    for good in scenario.goods:
        holders = [seat for seat in scenario.seats if seat.stock.get(good.name)]
        if good.share:
            if not holders:
                yield f"share {good.name}: no seat holds any; give some seat a stock of it"
            continue
        makes = any(seat.makes.get(good.name) for seat in scenario.seats)
        foods = scenario.diet.foods if scenario.diet else ()
        needing = [
            seat.name for seat in scenario.seats if seat.needs.get(good.name) or (seat.eats and good.name in foods)
        ]
        works = any(seat.craft and seat.craft.good == good.name for seat in scenario.seats)
        wanted = f", and {', '.join(needing)} need it" if needing else ""
        if not makes and not holders:
            yield f"good {good.name}: nobody makes or holds any, so that nobody at the table can sell it{wanted}"
        elif not makes:
            yield f"good {good.name}: nobody makes it, so that the stock of the first day must do{wanted}"
        if not needing and not works:
            yield f"good {good.name}: nobody needs it or works it; only the outside world uses it"


def _houses(scenario: Scenario) -> Iterator[str]:
    """What the calendar and the diet ask of the houses."""
    if scenario.diet and not any(seat.eats for seat in scenario.seats):
        yield "diet: no seat eats of it; give some seat its portions a day (eats)"
    for turn in scenario.calendar:
        if turn.from_day > scenario.days:
            yield f"calendar: {turn.good} turns on day {turn.from_day}, but the season ends on day {scenario.days}"
        if not any(seat.needs.get(turn.good) for seat in scenario.seats):
            yield f"calendar: no seat needs {turn.good}; its turn on day {turn.from_day} changes nothing"


def _due_days(scenario: Scenario) -> Iterator[str]:
    for bill in scenario.bills:
        if bill.due_day > scenario.days:
            yield f"bill of {bill.seat}: due on day {bill.due_day}, but the season ends on day {scenario.days}"
    for debt in scenario.debts:
        if debt.due_day > scenario.days:
            between = f"{debt.borrower} to {debt.lender}"
            yield f"debt of {between}: due on day {debt.due_day}, but the season ends on day {scenario.days}"
        if debt.owed_pence < debt.principal_pence:
            yield f"debt of {debt.borrower} to {debt.lender}: less is owed than was lent"


def _legends(scenario: Scenario) -> Iterator[str]:
    """What of a legend comes too late, or finds nothing to act on."""
    last = scenario.days
    for legend in scenario.legends:
        if legend.last_begin_day > last:
            begin = f"day {legend.last_begin_day}"
            yield f"legend {legend.name}: it can begin as late as {begin}, but the season ends on day {last}"
        held = any(seat.stock.get(legend.asset) for seat in scenario.seats)
        calls = [step.after_days + step.notice_days for step in legend.steps if isinstance(step, CallStep)]
        for number, step in enumerate(legend.steps, 1):
            place = f"legend {legend.name}: step {number}"
            day = legend.from_day + step.after_days
            if day > last:
                yield f"{place}: on day {day} at the soonest, but the season ends on day {last}; it is never played"
            if isinstance(step, TradeStep) and not held:
                yield f"{place}: no seat has any {legend.asset} at the start, so that its percent come to one unit"
            if isinstance(step, CreditStep):
                due = [gone for gone in calls if gone >= step.after_days]
                due_day = legend.from_day + min([step.after_days + step.due_days, *due])
                if due_day > last:
                    yield f"{place}: due on day {due_day} at the soonest, but the season ends on day {last}"
                if not held and not step.pence:
                    yield f"{place}: no seat has any {legend.asset} at the start to lend on; give pence too"


def _crossings(scenario: Scenario) -> Iterator[str]:
    """Outside trade of one legend that would meet itself, which no auction allows."""
    for legend in scenario.legends:
        trades = [step for step in legend.steps if isinstance(step, TradeStep)]
        for buyers in [step for step in trades if step.does == "buyers"]:
            for sellers in [step for step in trades if step.does == "sellers"]:
                first = max(buyers.after_days, sellers.after_days)
                last = min(buyers.after_days + buyers.days, sellers.after_days + sellers.days) - 1
                if first <= last and buyers.reach_percent + sellers.reach_percent >= 0:
                    days = f"days {first} to {last} after its beginning"
                    yield f"legend {legend.name}: outside buyers and sellers would meet on {days}; one side stays away"


def _people(scenario: Scenario) -> Iterator[str]:
    for seat in scenario.seats:
        idle = not seat.income_pence and not seat.makes and seat.craft is None
        if idle and not seat.purse_pence and not seat.stock:
            yield f"seat {seat.name}: it has nothing and gets nothing; it can hardly ever act"


def _banks(scenario: Scenario) -> Iterator[str]:
    for seat in scenario.seats:
        if seat.banker and seat.name not in scenario.bankers:
            yield f'seat {seat.name}: a banker, but customs do not hold "deposits"; nobody can lay money there'
        elif seat.banker and not any(deposit.banker == seat.name for deposit in scenario.deposits):
            yield f"seat {seat.name}: a banker with nothing in keeping at the start; the town never comes to its door"


def _fit(scenario: Scenario, chronicle: Chronicle) -> Iterator[str]:
    """How a chronicle fits a scenario."""
    told = [row for row in chronicle.rows if row.told]
    for asset in sorted({row.asset for row in told} - set(scenario.good_names)):
        yield f"{chronicle.name}: {asset!r} is no good of this scenario; its rows are news only"
    if not {row.asset for row in told} & set(scenario.good_names):
        yield f"{chronicle.name}: it tells of no good that is traded; it cannot move this market"
    if not scenario.hears_first and any(row.kind is RowKind.RUMOUR for row in told):
        yield "hears_first is empty: a lot decides who hears a rumour of the chronicle"
    if not scenario.bills and any(row.kind is RowKind.DEFAULT for row in told):
        yield f"{chronicle.name}: it has a default, but no seat holds a bill that could be lost"
    for day, rows in chronicle.by_day(scenario.days).items():
        count = sum(row.told for row in rows)
        if count > MOST_ROWS_A_DAY:
            yield f"{chronicle.name}: {count} rows are told on day {day}; play more days"
