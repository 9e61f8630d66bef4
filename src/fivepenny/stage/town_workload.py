"""A seeded workload of legal and illegal moves, by which the world and its independent auditors check one another.

Seasons of all the scenarios that are given take turns. In every beat seats send what stands on their menus, what does
not, or nothing; what has to become of each move is known before it is sent (`rough_moves`, `forgeries`). After each
beat the answers are compared, what happened is held against what was let in, and the books against the auditor's;
after each season its events go through the audit's checks of books, audiences and claims. Nobody speaks, so there is
no tape, and the check of the table is done beat by beat here.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import BEATS, Beat
from fivepenny.errors import FivepennyError
from fivepenny.events import Body, Event
from fivepenny.header import Header
from fivepenny.ledger.auditor import Auditor
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.menus import Listing
from fivepenny.market.orders import PENCE
from fivepenny.market.state import BILLS
from fivepenny.refusals import MoveFlaw, MoveRefused
from fivepenny.rng import stream, stream_seed
from fivepenny.scenario import load_scenario
from fivepenny.stage.audit_audiences import check_audiences
from fivepenny.stage.audit_books import check_books, transfer_of
from fivepenny.stage.audit_claims import check_claims
from fivepenny.stage.audit_deeds import UNASKED, market_breach, talk_breach, unasked_breach
from fivepenny.stage.forgeries import FORGERIES, SOUND
from fivepenny.stage.forks import seat_understudies
from fivepenny.stage.rough_moves import PHRASE_TRICKS, STRANGERS, RoughTown, Sent, Table, Trick, legal_move
from fivepenny.world import Menu, Move

LEGAL, UNASKED_MOVE, NO_SEAT = "move of the menu", "move when not asked", "move of nobody's seat"
DRAWN_SHARES, PLAYED_SHARES = (0.45, 0.25, 0.2, 0.1), (0.8, 0.1, 0.09, 0.01)
"""Of those who are asked: legal, wrong in its phrases, forged, sound but of any size. In every other season
understudies choose what is legal, and mostly may, so that what takes sense (pacts, cases, exile) comes about too."""
UNASKED_SHARE, NO_SEAT_SHARE = 0.5, 0.1
MOST_BREACHES = 20
"""That are told; all are counted."""
FAULTS = (FivepennyError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError)
"""What a defect of the world may raise. No move may make it raise anything."""

MakeTown = Callable[..., RoughTown]


@dataclass(slots=True)
class TownReport:
    """What a workload did: moves by kind, those let in, those of seats in each standing; refusals by name.

    `seasons` counts by scenario. `refusals` are the world's, the auction's and the ledger's, of what seats sent.
    `digest` is of the towns at the ends of their seasons. Of the breaches the first few are told.
    """

    sent: Counter[str] = field(default_factory=Counter)
    let_in: Counter[str] = field(default_factory=Counter)
    by_standing: dict[str, Counter[str]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    seasons: Counter[str] = field(default_factory=Counter)
    days: int = 0
    events: int = 0
    transfers: int = 0
    insolvencies: int = 0
    breach_count: int = 0
    breaches: list[str] = field(default_factory=list)
    digest: str = ""

    @property
    def moves(self) -> int:
        """All moves that were sent."""
        return self.sent.total()

    def blame(self, where: str, breaches: Iterator[str]) -> None:
        """Take in breaches."""
        for breach in breaches:
            self.breach_count += 1
            if len(self.breaches) < MOST_BREACHES:
                self.breaches.append(f"{where}: {breach}")


def _pick(table: Table, seat: str, menu: Menu) -> Sent:
    """A move of a seat that is asked."""
    chance = table.chance
    tables: tuple[Mapping[str, Trick], ...] = (
        {}, PHRASE_TRICKS, FORGERIES.get(table.beat, {}), SOUND.get(table.beat, {}),
    )  # fmt: skip
    tricks = chance.choices(tables, PLAYED_SHARES if table.sitters else DRAWN_SHARES)[0]
    if tricks:
        kind = chance.choice(tuple(tricks))
        wrong = tricks[kind](table, seat, menu)
        if wrong is not None:
            return Sent(kind, seat, *wrong)
    return Sent(LEGAL, seat, legal_move(table, menu))


def _send(table: Table, menus: Mapping[str, Menu]) -> Iterator[Sent]:
    """What comes to the world in a beat, one move a seat at most."""
    chance = table.chance
    for seat in table.town.seats:
        menu = menus.get(seat)
        if menu is not None:
            yield _pick(table, seat, menu)
            table.before[seat] = menu.phrases
        elif chance.random() < UNASKED_SHARE:
            phrases = table.before.get(seat, ())[:1] or ("rest",)
            yield Sent(UNASKED_MOVE, seat, phrases, MoveFlaw.NOT_ASKED)
    if chance.random() < NO_SEAT_SHARE:
        yield Sent(NO_SEAT, chance.choice(STRANGERS), ("rest",), MoveFlaw.UNKNOWN_SEAT)


def _astray(table: Table, sent: Sequence[Sent], events: Sequence[Event], town: Mapping[str, Listing]) -> Iterator[str]:
    """Answers that are not those foretold, and what happened that nobody who was let in had chosen."""
    due: list[Body] = [hap.Decided(item.seat, item.phrases) for item in sent if item.flaw is None]
    due += [MoveRefused(item.seat, item.phrases, item.flaw.value) for item in sent if item.flaw is not None]
    bodies = [event.body for event in events]
    answers = [body for body in bodies if isinstance(body, hap.Decided | MoveRefused)]
    for body in due:
        if body not in answers:
            yield f"foretold, and not so: {body}"
    for body in answers:
        if body not in due:
            yield f"not foretold: {body}"
    for item in sent:
        for body in item.due:
            if body not in bodies:
                yield f"{item.kind}: {body} had to follow"
    rest = [body for body in bodies if not isinstance(body, hap.Decided | MoveRefused)]
    moves = {item.seat: Move(item.phrases) for item in sent if item.flaw is None}
    in_order = {seat: moves[seat] for seat in table.town.seats if seat in moves}
    breach: str | None
    if table.beat in UNASKED:
        breach = unasked_breach(table.beat, in_order, town, rest)
    elif table.beat is Beat.MARKET:
        breach = market_breach(in_order, town, rest, table.scenario.good_names)
    else:
        breach = talk_breach(in_order, town, rest)
    if breach:
        yield breach


def _take_in(table: Table, events: Sequence[Event]) -> Iterator[str]:
    """Post what the events say that they moved, and learn what moves are foretold from. Breaches of the books."""
    before = table.transfers
    for event in events:
        if event.sealed.postings:
            table.auditor.post([transfer_of(row) for row in event.sealed.postings])
            table.transfers += len(event.sealed.postings)
        table.take(event.body)
    if table.town.transfers != table.transfers:
        yield f"the books posted {table.town.transfers} transfers, the events tell of {table.transfers}"
    if table.transfers > before:
        table.town.compare(table.auditor)


def _count(report: TownReport, table: Table, sent: Sequence[Sent], events: Sequence[Event]) -> None:
    for item in sent:
        report.sent[item.kind] += 1
        report.let_in[item.kind] += item.flaw is None
        for name, seats in table.standing.items():
            report.by_standing.setdefault(name, Counter())[item.kind] += item.seat in seats
    for event in events:
        report.events += 1
        report.transfers += len(event.sealed.postings)
        match event.body:
            case MoveRefused(seat=seat, cause=cause) | hap.OrderRefused(seat=seat, cause=cause) if (
                seat != OUTSIDE or isinstance(event.body, MoveRefused)
            ):
                report.refusals[cause] += 1
            case hap.PaymentRefused():
                report.refusals["debt not paid early, for want of money"] += 1
            case fail.Failed():
                report.insolvencies += 1
            case _:
                pass


def _play(report: TownReport, table: Table, moves: int, days: int, where: str) -> list[Event]:
    """Play a season, sending up to this many moves; its events. It ends early on a breach of the books or a fault."""
    log: list[Event] = []
    start = report.moves
    for day in range(1, days + 1):
        for beat in BEATS:
            table.beat = beat
            menus = table.town.menus(beat)
            sent = list(islice(_send(table, menus), moves - (report.moves - start)))
            table.chance.shuffle(sent)
            listings = dict(table.town.listings)
            at = f"{where}, day {day}, {beat}"
            try:
                events = table.town.apply(beat, {item.seat: Move(item.phrases) for item in sent})
                _count(report, table, sent, events)
                report.blame(at, _astray(table, sent, events, listings))
                log += events
                astray = list(_take_in(table, events))
            except FAULTS as fault:
                astray = [f"{type(fault).__name__}: {fault}, after {[(item.seat, item.kind) for item in sent]}"]
            if astray:
                report.blame(at, iter(astray))
                return log
        report.days += 1
        if report.moves - start >= moves:
            break
    return log


def _audit(report: TownReport, header: Header, log: Sequence[Event], where: str) -> None:
    """The audit's checks of a whole season that need no tape."""
    for check in (check_books, check_audiences, check_claims):
        try:
            report.blame(where, check(header, log, Counter()))
        except FAULTS as fault:
            report.blame(where, iter([f"the events cannot be followed to their end: {type(fault).__name__}: {fault}"]))


def run_town_workload(
    seed: int,
    moves: int,
    scenarios: Sequence[str],
    make_town: MakeTown = RoughTown,
    tell: Callable[[int, int], None] = lambda done, all_: None,
) -> TownReport:
    """Send exactly this many moves, made from the seed, to seasons of these scenarios in turn.

    A season plays the scenario's days, the last one as far as the moves reach, to the end of a day. The same seed
    brings the same moves. `make_town` lets a test put a faulty world in the place; `tell` hears of moves done.
    Raises ScenarioError or ChronicleError where a scenario cannot be played; a breach is counted, not raised.
    """
    report, digests = TownReport(), hashlib.sha256()
    played = [load_scenario(name) for name in scenarios]
    sitters = [seat_understudies(scenario) for scenario, _ in played]
    season = 0
    while report.moves < moves:
        scenario, chronicle = played[season % len(played)]
        own_seed = stream_seed(seed, "town workload", season) % 2**32
        where = f"seed {seed}, season {season} ({scenario.name})"
        town = make_town(own_seed, scenario.days, scenario, chronicle)
        auditor = Auditor(scenario.seat_names, (PENCE, BILLS, *scenario.good_names))
        table = Table(stream(own_seed, "moves"), town, scenario, auditor)
        if season // len(played) % 2:
            table.sitters = sitters[season % len(played)]
        log = _play(report, table, moves - report.moves, scenario.days, where)
        header = Header(own_seed, scenario.days, scenario, chronicle, {})
        _audit(report, header, log, where)
        digests.update(town.digest().encode())
        report.seasons[scenario.name] += 1
        season += 1
        tell(report.moves, moves)
    report.digest = digests.hexdigest()
    return report
