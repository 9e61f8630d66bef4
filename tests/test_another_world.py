"""The stage plays a world that is not the market's: by understudies, by a mind that reads cues, and from the tape."""

from collections.abc import Callable
from pathlib import Path

from fivepenny.company.cast import names_of_others
from fivepenny.company.ensemble import Chair, Ensemble
from fivepenny.company.players import CuePlayer, Player, PolicyPlayer
from fivepenny.company.tape import Tape
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.minds.mind import Request
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.policies.grammar import parse_voice
from fivepenny.policies.leanings import Leaning
from fivepenny.policies.temperaments import TEMPERAMENTS
from fivepenny.policies.understudy import Understudy
from fivepenny.scenario import Scenario, Seat
from fivepenny.stage.season import Season
from fivepenny.world import World
from garden import REST, Garden, Measured, Thanked, Watered

SEATS = ("ash", "birch", "cedar")
DAYS = 12
VOICE = parse_voice('[[line]]\nact = "thank"\nsay = "My beans know your step."\n')


def scenario() -> Scenario:
    plain = {"trade": "neighbour", "wants": "beans", "cannot": "wait", "speaks": "Plainly."}
    seats = tuple(
        Seat(name=name, full_name=name.title(), first_name=name.title(), steadiness=3, **plain) for name in SEATS
    )
    return Scenario(name="garden", title="The Garden", place="A WELL", days=DAYS, seats=seats)


def understudy() -> Player:
    temperament = {**TEMPERAMENTS["tansy"], "water": Leaning(4, {"need": 4})}
    return PolicyPlayer(Understudy("gardener", temperament, VOICE))


def play(file: SeasonFile, tape: Tape, player: Callable[[], Player | None]) -> World:
    world: World = Garden(file.header.seed, SEATS)
    names = names_of_others(file.header.scenario)
    chairs = {seat: Chair(seat, player(), understudy(), 3, "a player", names[seat]) for seat in SEATS}
    for _ in Season(world, Ensemble(file.header.seed, chairs, tape, file.record), file).beats():
        pass
    return world


def new_file(path: Path = IN_MEMORY, seed: int = 1) -> SeasonFile:
    return SeasonFile.create(path, Header(seed, DAYS, scenario(), None, dict.fromkeys(SEATS, "a player")))


def test_understudies_play_it_and_the_tape_replays_it(tmp_path: Path) -> None:
    with new_file(tmp_path / "season.db") as file:
        world = play(file, Tape(), understudy)
        rows, digest = file.tape(), file.digest
        bodies = [event.body for event in file.events()]
    assert any(isinstance(body, Watered) and body.by != body.bed for body in bodies)
    assert any(isinstance(body, Thanked) for body in bodies)
    with new_file() as again:
        assert play(again, Tape.of(rows, strict=True), lambda: None).digest() == world.digest()
        assert again.digest == digest
    with new_file(seed=2) as other:
        play(other, Tape(), understudy)
        assert other.digest != digest


def test_what_a_neighbour_cannot_feel_is_not_shown_to_it() -> None:
    with new_file() as file:
        play(file, Tape(), understudy)
        for event in file.events():
            if isinstance(event.body, Measured):
                assert [seat for seat in SEATS if event.seen_by(seat)] == [event.body.bed]


def test_a_mind_plays_it_through_the_same_cues() -> None:
    def answer(request: Request) -> str:
        options = request.prompt.split("|")[1:-1]
        # It grades its own dry bed highest, by the level in the cue.
        return " ".join(option.split()[-1] if "need" in option else "0" for option in options)

    mind = ScriptedMind(answer)
    with new_file() as file:
        play(file, Tape(), lambda: CuePlayer(mind))
        rows = file.tape()
    asked = [row for row in rows if row.step == "moves"]
    assert asked and all(row.verdict == "clean" for row in asked)
    assert any(row.moves != REST for row in asked)
    assert all(name not in request.prompt for request in mind.requests for name in SEATS)
