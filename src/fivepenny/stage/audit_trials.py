"""The audit's own reckoning of a case: the tape, the points, the verdict that is due.

Counts by the law (`fivepenny.courts`) and shares nothing with the court's own weighing but that.
"""

from collections import Counter
from dataclasses import dataclass, field

from fivepenny import bribery, courts
from fivepenny import happenings as hap
from fivepenny.claims import LEAST_MOVE_PARTS, Claim
from fivepenny.courts import Ground, Item, Oath, Offence, Sentence
from fivepenny.events import Event
from fivepenny.market.larder import need_on
from fivepenny.scenario import Scenario


class Tape:
    """Every auction of the season, and who went short of what."""

    def __init__(self, scenario: Scenario) -> None:
        """Before the first auction."""
        self._scenario = scenario
        self._days: dict[str, dict[int, hap.Cleared]] = {good: {} for good in scenario.good_names}
        self._short: list[tuple[int, str, str]] = []
        self._news: list[tuple[int, str, int]] = []

    def take(self, event: Event) -> None:
        """Add what an event shows."""
        match event.body:
            case hap.Cleared(good=good, price_pence=int()) as body:
                self._days[good][event.day] = body
            case hap.Wanted(seat=seat, good=good):
                self._short.append((event.day, seat, good))
            case hap.News(claim=Claim() as claim):
                self._news.append((event.day, claim.asset, claim.kind.direction))
            case _:
                pass

    def went_short(self, good: str, since_day: int) -> set[str]:
        """Who lacked a good since a day."""
        return {seat for day, seat, short in self._short if short == good and day >= since_day}

    def was_public(self, good: str, rises: bool, day: int) -> bool:
        """Whether the whole town had been told, not long before a day, what a tale said."""
        found = [then for then, told, direction in self._news if (told, direction) == (good, 1 if rises else -1)]
        return any(day - courts.TALE_DAYS <= then <= day for then in found)

    def price(self, good: str, day: int) -> int:
        """What a good fetched in its last auction up to a day."""
        found = [then for then in self._days[good] if then <= day]
        return self._days[good][max(found)].price_pence or 0 if found else self._scenario.good(good).price_pence

    def units(self, seat: str, good: str, since_day: int) -> dict[int, tuple[int, int]]:
        """Units of a good that a seat bought and sold, by day."""
        return {
            day: (
                dict(zip(body.buyers, body.bought, strict=True)).get(seat, 0),
                dict(zip(body.sellers, body.sold, strict=True)).get(seat, 0),
            )
            for day, body in self._days[good].items()
            if day >= since_day
        }

    def volume(self, good: str, since_day: int) -> int:
        """Units traded since a day."""
        return sum(body.volume for day, body in self._days[good].items() if day >= since_day)

    def hoarded(self, seat: str, good: str, since_day: int, today: int) -> int:
        """Units bought less those sold, and less what house and craft used."""
        own, diet = self._scenario.seat(seat), self._scenario.diet
        daily = own.craft.up_to if own.craft and own.craft.good == good else 0
        daily += own.eats if diet and good in diet.foods else 0
        used = sum(daily + need_on(self._scenario, own, good, day) for day in range(since_day, today + 1))
        return sum(bought - sold for bought, sold in self.units(seat, good, since_day).values()) - used

    def buys_up(self, seat: str, good: str, today: int) -> bool:
        """Whether a seat has bought up a good."""
        since_day = max(1, today - courts.MATTER_DAYS + 1)
        bought = sum(units for units, _ in self.units(seat, good, since_day).values())
        most = bought * 100 >= self.volume(good, since_day) * courts.MOST_SHARE_PERCENT
        far = self.hoarded(seat, good, since_day, today) >= courts.LEAST_HOARD
        return most and far and not self._scenario.good(good).share

    def came_true(self, good: str, rises: bool, told_day: int, today: int) -> bool | None:
        """Whether a tale came true in its days; None while it may."""
        then, sign = self.price(good, told_day - 1), 1 if rises else -1
        last_day = told_day + courts.TALE_DAYS
        after = [body.price_pence or 0 for day, body in self._days[good].items() if told_day <= day <= last_day]
        if any((price - then) * sign * LEAST_MOVE_PARTS >= then for price in after):
            return True
        return False if today >= last_day else None


@dataclass(slots=True)
class Trial:
    """A case as it stands before the court."""

    opened: courts.CaseOpened
    day: int
    witnesses: tuple[str, ...] = ()
    oaths: list[courts.Testified] = field(default_factory=list)
    letters: list[courts.LetterRead] = field(default_factory=list)
    books: int = 0
    perjured: set[str] = field(default_factory=set)
    bribes: list[bribery.BribeRead] = field(default_factory=list)
    purse: int | None = None  # what passed between the two, once it has been counted
    stood: bool = False  # of bribery: whether the accused was heard itself on that day

    def sworn(self, witness: str) -> Oath | None:
        """What a witness swore, counting or not."""
        return next((oath.oath for oath in self.oaths if oath.witness == witness), None)

    def hearers(self) -> set[str]:
        """To whom the letters that were read show the accused telling what the case is about."""
        opened = self.opened
        return {
            letter.hearer
            for letter in self.letters
            if letter.teller == opened.accused
            and (opened.offence is Offence.ENGROSSING or letter.rises == opened.rises)
        }

    def contradicted(self) -> set[tuple[str, Oath]]:
        """The oaths that letters or books show to be false."""
        told = self.hearers()
        found: set[tuple[str, Oath]] = {
            (oath.witness, oath.oath) for oath in self.oaths if oath.oath is Oath.NOT_TOLD and oath.witness in told
        }
        holds = [oath for oath in self.oaths if oath.oath is Oath.HOLDS]
        found |= {(oath.witness, oath.oath) for oath in holds if oath.units != self.books}
        accused = self.opened.accused
        for letter in self.bribes:
            pair = {letter.by, letter.to}
            found |= {(o.witness, o.oath) for o in self.oaths if o.oath is Oath.NO_MONEY and o.witness in pair}
            if letter.by == accused or letter.fate == "taken":
                found |= {(o.witness, o.oath) for o in self.oaths if o.oath is Oath.DENIES_IT}
        return found


def _points(trial: Trial, tape: Tape, today: int, record: int) -> dict[Item, int]:
    opened = trial.opened
    counted = {oath.witness: oath.oath for oath in trial.oaths if oath.witness not in trial.perjured}
    own = counted.pop(opened.accused, None)
    hearers = trial.hearers() - {opened.accuser}
    found = {
        Item.ACCUSER: bool(opened.accuser) and opened.offence is Offence.FALSE_REPORT,
        Item.LETTERS: min(2, len(hearers)),
        Item.WITNESSES: min(2, sum(oath is Oath.TOLD and name not in hearers for name, oath in counted.items())),
        Item.DENIALS: min(2, sum(oath is Oath.NOT_TOLD for oath in counted.values())),
        Item.OATH: own in (Oath.HAD_IT, Oath.DENIES_IT),
        Item.CONFESSED: own in (Oath.MADE_IT, Oath.OWNS_TO_IT),
        Item.RECORD: min(2, record),
    }
    if opened.offence is Offence.BRIBERY:
        return {item: int(count) for item, count in (found | _bribe_points(trial, tape)).items()}
    dealt = tape.units(opened.accused, opened.good, opened.since_day).values()
    bought, sold = sum(pair[0] for pair in dealt), sum(pair[1] for pair in dealt)
    if opened.offence is Offence.FALSE_REPORT:
        came = tape.came_true(opened.good, opened.rises, opened.since_day, today)
        found |= {
            Item.TRADED: sold > bought if opened.rises else bought > sold,
            Item.TRUE: came is True,
            Item.FALSE: came is False,
            Item.HAD_IT: any(
                letter.hearer == opened.accused and letter.rises == opened.rises
                and letter.told_day <= opened.since_day
                for letter in trial.letters
            ),
            Item.PUBLIC: tape.was_public(opened.good, opened.rises, opened.since_day),
        }  # fmt: skip
        return {item: int(count) for item, count in found.items()}
    beyond = tape.hoarded(opened.accused, opened.good, opened.since_day, today)
    before, now = tape.price(opened.good, opened.since_day - 1), tape.price(opened.good, today)
    found |= {
        Item.BOUGHT: bought * 100 >= tape.volume(opened.good, opened.since_day) * courts.MOST_SHARE_PERCENT,
        Item.KEPT: beyond > 0 and trial.books * 100 >= beyond * courts.KEPT_PERCENT,
        Item.USED: trial.books * 100 <= max(beyond, 0) * courts.USED_PERCENT,
        Item.SOLD: sold > 0 and sold * 100 >= bought * courts.SOLD_PERCENT,
        Item.ROSE: now * 100 >= before * (100 + courts.RISE_PERCENT),
        Item.SHORT: bool(tape.went_short(opened.good, opened.since_day) - {opened.accused}),
    }
    return {item: int(count) for item, count in found.items()}


def _bribe_points(trial: Trial, tape: Tape) -> dict[Item, int]:
    """What counts in a case of bribery beside the accused's own oath and record."""
    opened = trial.opened
    accused = opened.accused
    named = {name for item in trial.bribes for name in (item.by, item.to)}
    counted = {oath.witness: oath.oath for oath in trial.oaths if oath.witness not in {accused, *trial.perjured}}
    offered = [item for item in trial.bribes if item.by == accused]
    taken = [item for item in trial.bribes if item.to == accused and item.fate == "taken"]
    wanted_left = opened.accuser != "" or any(item.about == 0 for item in offered)
    dealt = tape.units(accused, opened.good, opened.since_day).values()
    counts = {
        Item.OFFERED: opened.accuser != "",
        Item.SEIZED: bool(offered or taken),
        Item.MONEY: min(2, sum(oath is Oath.MONEY and name not in named for name, oath in counted.items())),
        Item.NO_MONEY: min(2, sum(oath is Oath.NO_MONEY for oath in counted.values())),
        Item.PASSED: (trial.purse or 0) > 0,
        Item.DEALT: wanted_left and not trial.stood and any(sum(pair) for pair in dealt),
        Item.STOOD: trial.stood,
        Item.LEFT: any(_left_alone(item, opened, tape) for item in (*offered, *taken)),
        Item.FALSE_OATH: opened.ground is Ground.OATH,
    }
    return {item: int(count) for item, count in counts.items()}


def _left_alone(item: bribery.BribeRead, opened: courts.CaseOpened, tape: Tape) -> bool:
    """Whether money was taken in the very bribe, and the good dealt in before it and not in the days after."""
    if item.fate != "taken" or item.about or (item.offered_day, {item.by, item.to}) != (
        opened.since_day, {opened.accused, opened.other},
    ):  # fmt: skip
        return False
    dealt = tape.units(item.to, item.good, item.offered_day - courts.LEFT_DAYS)
    days = {day for day, pair in dealt.items() if sum(pair)}
    after = {day for day in days if item.offered_day <= day < item.offered_day + courts.LEFT_DAYS}
    return any(day < item.offered_day for day in days) and not after


def _gain_pence(trial: Trial, tape: Tape, today: int) -> int:
    """What the accused's dealings have brought it, by the last price, or what it took; below nothing is nothing."""
    opened = trial.opened
    if opened.offence is Offence.BRIBERY:
        return max([i.pence for i in trial.bribes if i.to == opened.accused and i.fate == "taken"], default=0)
    now, gains = tape.price(opened.good, today), Counter[str]()
    for day, (bought, sold) in tape.units(opened.accused, opened.good, opened.since_day).items():
        gains["units"] += sold - bought
        gains["pence"] += (sold - bought) * (tape.price(opened.good, day) - now)
    against = gains["units"] > 0 if opened.rises else gains["units"] < 0
    return max(0, gains["pence"]) if against or opened.offence is Offence.ENGROSSING else 0


def verdict_of(trial: Trial, tape: Tape, today: int, record: int) -> courts.CaseDecided:
    """The verdict that is due in a case today."""
    opened, counts = trial.opened, _points(trial, tape, today, record)
    items = tuple(item for item in Item if counts.get(item))
    points = tuple(courts.POINTS[item] * counts[item] for item in items)
    statute, gain = courts.STATUTES[opened.offence], _gain_pence(trial, tape, today)
    guilty = sum(points) >= statute.bar
    sentence = courts.sentence_of(gain, record) if guilty else Sentence.ACQUITTAL
    until = {Sentence.FREEZE: today + courts.FREEZE_DAYS, Sentence.EXILE: today + courts.EXILE_DAYS + 1}
    return courts.CaseDecided(
        case=opened.case, accused=opened.accused, offence=opened.offence, good=opened.good, items=items, points=points,
        bar=statute.bar, guilty=guilty, gain_pence=gain, sentence=sentence,
        fine_pence=courts.fine_pence(opened.offence, gain, record) if guilty else 0, until_day=until.get(sentence, 0),
    )  # fmt: skip
