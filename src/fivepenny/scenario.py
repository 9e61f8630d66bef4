"""Scenarios: a TOML file becomes a checked `Scenario`.

A scenario names the goods, the seats and what binds them, the outside world, and the chronicle that drives
it. It holds no state and knows nothing of how a market works; every number's unit stands in its name.
"""

import json
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from fivepenny.aims import PATRON, Aim, Patron, Want, aim_faults
from fivepenny.chronicle import Chronicle, parse_chronicle, read_chronicle
from fivepenny.errors import ScenarioError
from fivepenny.legends import MOST_LEGENDS, Legend, legend_faults
from fivepenny.parts import MOST_DAYS, Custom, Manner, Name, Part, Pence, Percent, Quantity, Text

MOST_GOODS = 12
MOST_PORTIONS = 100  # a day, at one house
MOST_NEED_PERCENT = 1_000
MOST_BYTES = 1_000_000


class Good(Part):
    """Something that is traded. A share is not consumed, made or spoiled."""

    name: Name
    say: Text
    unit: Text
    units: Text
    price_pence: Annotated[int, Field(ge=4, le=10**6)]
    spoils_percent: Percent = 0
    share: bool = False


class Craft(Part):
    """How a seat turns a good into money: up to `up_to` units a day, each worth about `earns_pence` outside."""

    good: Name
    up_to: Annotated[int, Field(ge=1, le=1000)]
    earns_pence: Pence


class Turn(Part):
    """From a day on, every house needs so many percent of its usual units of a good, until the good's next turn."""

    good: Name
    from_day: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    need_percent: Annotated[int, Field(ge=0, le=MOST_NEED_PERCENT)]


class Diet(Part):
    """What houses eat: a portion is a unit of any of the foods, and a day's portions are of so many kinds or more."""

    foods: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_GOODS)]
    kinds: Annotated[int, Field(ge=1, le=MOST_GOODS)]


class Seat(Part):
    """A character at the table and what it starts with.

    `needs` are units a day of goods that nothing can stand in for; `eats` are portions a day of the scenario's diet.
    A `banker` takes deposits. `steadiness` rules how it draws among graded moves: a grade higher is this many times
    likelier. `mind` is the reference of who plays it, unless the command line says otherwise. `moved_by` and
    `put_off_by` are the manners in which it is spoken to with more effect than usual, and with less (where the table
    has the custom of words).
    """

    name: Name
    full_name: Text
    first_name: Text
    trade: Text
    wants: Text
    cannot: Text
    speaks: Text
    steadiness: Annotated[int, Field(ge=1, le=9)]
    purse_pence: Pence = 0
    income_pence: Pence = 0
    stock: dict[Name, Quantity] = Field(default_factory=dict)
    makes: dict[Name, Quantity] = Field(default_factory=dict)
    needs: dict[Name, Quantity] = Field(default_factory=dict)
    eats: Annotated[int, Field(ge=0, le=MOST_PORTIONS)] = 0
    craft: Craft | None = None
    banker: bool = False
    want: Want | None = None
    moved_by: tuple[Manner, ...] = ()
    put_off_by: tuple[Manner, ...] = ()
    mind: Text | None = None


class Bill(Part):
    """The outside world owes a seat this, payable on a day."""

    seat: Name
    pence: Annotated[int, Field(ge=1, le=10**9)]
    due_day: Annotated[int, Field(ge=1, le=MOST_DAYS)]


class Debt(Part):
    """A loan between two seats that stands before the first day."""

    lender: Name
    borrower: Name
    principal_pence: Annotated[int, Field(ge=1, le=10**9)]
    owed_pence: Annotated[int, Field(ge=1, le=10**9)]
    due_day: Annotated[int, Field(ge=1, le=MOST_DAYS)]


class Deposit(Part):
    """Money in a banker's keeping before the first day; its holder is a seat, or "outside": the town's depositors."""

    holder: Name
    banker: Name
    pence: Annotated[int, Field(ge=1, le=10**9)]


class Bond(Part):
    """Something done before the first day, remembered by both: `strength` above 0 was a kindness, below an injury.

    `deed` is said to the doer ("the coal you leave at my door"); `since` when, as an adverb.
    """

    doer: Name
    to: Name
    strength: Annotated[int, Field(ge=-9, le=9)]
    deed: Text
    since: Text


class Scenario(Part):
    """A season to be played. A world of another kind than the market's needs its seats alone."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    title: Text
    place: Text
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    chronicle: Text | None = None
    hears_first: tuple[Name, ...] = ()
    shock_percent: Percent = 12
    customs: tuple[Custom, ...] = ()
    goods: Annotated[tuple[Good, ...], Field(max_length=MOST_GOODS)] = ()
    calendar: tuple[Turn, ...] = ()
    diet: Diet | None = None
    legends: Annotated[tuple[Legend, ...], Field(max_length=MOST_LEGENDS)] = ()
    seats: Annotated[tuple[Seat, ...], Field(min_length=2, max_length=60)]
    bills: tuple[Bill, ...] = ()
    debts: tuple[Debt, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    bonds: tuple[Bond, ...] = ()
    patron: Patron | None = None

    @property
    def good_names(self) -> tuple[str, ...]:
        """The goods in the order of the file."""
        return tuple(good.name for good in self.goods)

    @property
    def seat_names(self) -> tuple[str, ...]:
        """The seats in the order of the file."""
        return tuple(seat.name for seat in self.seats)

    @property
    def bankers(self) -> tuple[str, ...]:
        """The seats that take deposits, in the order of the file; none where it is no custom of the table."""
        return tuple(seat.name for seat in self.seats if seat.banker) if "deposits" in self.customs else ()

    @property
    def aims(self) -> dict[str, Aim]:
        """What each seat that is after something is after; the Patron's goal where the Patron is at the table."""
        parts = {seat.name: seat.want for seat in self.seats if seat.want}
        found = {name: want.aims[0] for name, want in parts.items()}
        if self.patron and PATRON in self.seat_names:
            found[PATRON] = self.patron.goal.aims[0]
        return found

    def good(self, name: str) -> Good:
        """The good of this name. Raises KeyError."""
        for good in self.goods:
            if good.name == name:
                return good
        raise KeyError(name)

    def seat(self, name: str) -> Seat:
        """The seat of this name. Raises KeyError."""
        for seat in self.seats:
            if seat.name == name:
                return seat
        raise KeyError(name)


TOWN = "outside"
RESERVED = (TOWN, "hold", "pence", "bills")
MOST_PLACE = 120  # characters of a key from the file that an error repeats


def _check_names(scenario: Scenario, where: str) -> None:
    """Names must be one of a kind, and every reference must name something that is there."""
    goods, seats = set(scenario.good_names), set(scenario.seat_names)
    for what, names in (("good", scenario.good_names), ("seat", scenario.seat_names)):
        for name in names:
            if names.count(name) > 1 or name in RESERVED or (name in goods and name in seats):
                raise ScenarioError(f"{where}: the {what} {name!r} is named twice or is a reserved word; rename one")
    for good in scenario.goods:
        if good.share and good.spoils_percent:
            raise ScenarioError(f"{where}: the share {good.name!r} cannot spoil; leave out its spoils_percent")
    traded = {good.name for good in scenario.goods if not good.share}
    references: list[tuple[str, str, set[str]]] = []
    for seat in scenario.seats:
        references += [(f"seat {seat.name}: stock", name, goods) for name in seat.stock]
        references += [(f"seat {seat.name}: makes", name, traded) for name in seat.makes]
        references += [(f"seat {seat.name}: needs", name, traded) for name in seat.needs]
        if seat.craft:
            references.append((f"seat {seat.name}: craft", seat.craft.good, traded))
    references += [("calendar", turn.good, traded) for turn in scenario.calendar]
    references += [("diet: foods", food, traded) for food in (scenario.diet.foods if scenario.diet else ())]
    references += [("hears_first", name, seats) for name in scenario.hears_first]
    references += [("bills", bill.seat, seats) for bill in scenario.bills]
    references += [("debts", name, seats) for debt in scenario.debts for name in (debt.lender, debt.borrower)]
    references += [("bonds", name, seats) for bond in scenario.bonds for name in (bond.doer, bond.to)]
    for place, name, known in references:
        if name not in known:
            raise ScenarioError(f"{where}: {place}: {name!r} is not one of {', '.join(sorted(known))}")
    for pair in [*((debt.lender, debt.borrower) for debt in scenario.debts), *((b.doer, b.to) for b in scenario.bonds)]:
        if pair[0] == pair[1]:
            raise ScenarioError(f"{where}: {pair[0]!r} owes or remembers itself; name two seats")


def _check_aims(scenario: Scenario, where: str) -> None:
    """Wants and the Patron's goal are each one thing, about what is there."""
    goods, seats = scenario.good_names, scenario.seat_names
    parts = [(f"seat {seat.name}: want", seat.want) for seat in scenario.seats if seat.want]
    faults = [fault for place, want in parts for fault in aim_faults(place, want, goods, seats)]
    if scenario.patron:
        faults += aim_faults("patron: goal", scenario.patron.goal, goods, seats)
        faults += [
            f"patron: stock: {name!r} is not one of {', '.join(goods)}"
            for name in scenario.patron.stock
            if name not in goods
        ]
    for fault in faults:
        raise ScenarioError(f"{where}: {fault}")


def _check_manners(scenario: Scenario, where: str) -> None:
    """Nobody is moved by what puts it off."""
    for seat in scenario.seats:
        for manner in set(seat.moved_by) & set(seat.put_off_by):
            raise ScenarioError(f"{where}: seat {seat.name}: {manner!r} both moves it and puts it off; leave one out")


def _check_legends(scenario: Scenario, where: str) -> None:
    """Legends are about what is there."""
    made = frozenset(good.name for good in scenario.goods if not good.share)
    for fault in legend_faults(scenario.legends, scenario.good_names, made, scenario.seat_names, scenario.bankers):
        raise ScenarioError(f"{where}: {fault}")


def _check_deposits(scenario: Scenario, where: str) -> None:
    """Deposits are with bankers, one of a holder with each, and are a custom of the table."""
    pairs = [(deposit.holder, deposit.banker) for deposit in scenario.deposits]
    for holder, banker in pairs:
        place = f"{where}: deposits: {holder!r} with {banker!r}"
        if banker not in scenario.bankers:
            customs = 'a seat with banker = true, at a table whose customs hold "deposits"'
            raise ScenarioError(f"{place}: {banker!r} takes no deposits; name {customs}")
        if holder not in (*scenario.seat_names, TOWN) or holder == banker:
            raise ScenarioError(f"{place}: the holder must be another seat, or {TOWN!r} for the town's depositors")
        if pairs.count((holder, banker)) > 1:
            raise ScenarioError(f"{place}: it stands there twice; add up what it is")


def _check_houses(scenario: Scenario, where: str) -> None:
    """A calendar turns a good once a day at most; a diet can be kept, and is not a need besides."""
    days = [(turn.good, turn.from_day) for turn in scenario.calendar]
    for good, day in days:
        if days.count((good, day)) > 1:
            raise ScenarioError(f"{where}: calendar: {good!r} turns twice on day {day}; leave one turn out")
    diet = scenario.diet
    if diet and len(set(diet.foods)) < len(diet.foods):
        raise ScenarioError(f"{where}: diet: foods: one food is named twice; leave one out")
    if diet and diet.kinds > len(diet.foods):
        raise ScenarioError(f"{where}: diet: kinds: {diet.kinds} of {len(diet.foods)} foods; name more or ask for less")
    for seat in scenario.seats:
        place = f"{where}: seat {seat.name}: eats"
        if seat.eats and diet is None:
            raise ScenarioError(f"{place}: there is no [diet] that says of what; add one")
        if seat.eats and diet and seat.eats < diet.kinds:
            raise ScenarioError(f"{place}: {seat.eats} portions cannot be of {diet.kinds} kinds; let it eat more")
        both = [food for food in (diet.foods if diet and seat.eats else ()) if food in seat.needs]
        if both:
            raise ScenarioError(f"{place}: {both[0]!r} is a food of its diet; leave it out of its needs")


def read_scenario_json(text: str, where: str) -> Scenario:
    """The scenario in JSON, as `Scenario.model_dump_json` wrote it. Raises ScenarioError."""
    try:
        scenario = Scenario.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        # Keys come from the file: what cannot be printed would break the line.
        place = ascii(".".join(str(part) for part in first["loc"]))[1:-1][:MOST_PLACE]
        raise ScenarioError(f"{where}: {place}: {first['msg']}") from None
    _check_names(scenario, where)
    _check_houses(scenario, where)
    _check_deposits(scenario, where)
    _check_manners(scenario, where)
    _check_legends(scenario, where)
    _check_aims(scenario, where)
    return scenario


def parse_scenario(text: str, where: str) -> Scenario:
    """The scenario of a market in this TOML text. Raises ScenarioError."""
    try:
        # Through JSON, because strict models take a list for a tuple there alone (TOML dates are refused here).
        data = json.dumps(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{where}: it is not TOML: {error}") from None
    except TypeError:
        raise ScenarioError(f"{where}: it holds a date or time; scenarios count days from 1") from None
    except ValueError:
        raise ScenarioError(f"{where}: it holds a number of thousands of digits; shorten it") from None
    except RecursionError:
        raise ScenarioError(f"{where}: its lists or tables are nested too deep; no value of a scenario is") from None
    scenario = read_scenario_json(data, where)
    if not scenario.goods:
        raise ScenarioError(f"{where}: a market needs at least one [[goods]]")
    if scenario.patron and PATRON in scenario.seat_names:
        raise ScenarioError(f"{where}: [patron] has a chair of its own; rename the seat {PATRON!r}")
    return scenario


def _is_file(path: Path | Traversable) -> bool:
    """Whether a file is there; a name that no file system takes names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _package_data(folder: str, name: str) -> Traversable:
    return resources.files("fivepenny") / "data" / folder / name


def shipped_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    folder = resources.files("fivepenny") / "data" / "scenarios"
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def load_scenario(reference: str) -> tuple[Scenario, Chronicle | None]:
    """The scenario of this name (shipped) or path (a TOML file), with its chronicle.

    A chronicle named in a file is looked for beside it, then in the package. Raises ScenarioError or
    ChronicleError.
    """
    if reference in shipped_scenarios():
        text, folder = _package_data("scenarios", f"{reference}.toml").read_text(encoding="utf-8"), None
    else:
        path = Path(reference)
        if not _is_file(path):
            names = ", ".join(shipped_scenarios())
            raise ScenarioError(f"no scenario {reference!r}: give the path of a TOML file, or one of: {names}")
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ScenarioError(f"{path.name}: larger than {MOST_BYTES:,} bytes")
            text, folder = path.read_text(encoding="utf-8"), path.parent
        except (OSError, UnicodeDecodeError) as error:
            raise ScenarioError(f"{path.name}: it cannot be read as UTF-8 text: {error}") from None
    scenario = parse_scenario(text, Path(reference).name)
    if scenario.chronicle is None:
        return scenario, None
    return scenario, _find_chronicle(scenario.chronicle, folder)


def _find_chronicle(name: str, folder: Path | None) -> Chronicle:
    if folder is not None and _is_file(folder / name):
        return read_chronicle(folder / name)
    if Path(name).name == name and _is_file(shipped := _package_data("chronicles", name)):
        return parse_chronicle(shipped.read_text(encoding="utf-8"), name)
    return read_chronicle((folder or Path()) / name)
