"""Seasons: one seed makes one season, played, resumed or replayed; and no prompt grows with a season's length."""

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from fivepenny.clock import BEATS
from fivepenny.company import cast
from fivepenny.company.cast import company_references
from fivepenny.company.players import (
    CUE_CEILING_TOKENS,
    PROSE_CEILING_TOKENS,
    Asked,
    CuePlayer,
    Player,
    ProsePlayer,
    WrappedPlayer,
)
from fivepenny.company.tape import Tape
from fivepenny.errors import CheckFailed
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile, TapeRow
from fivepenny.minds.mind import Request
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.scenario import Seat
from fivepenny.stage.house import assemble, open_house, replay, seated
from fivepenny.world import Menu, Observation, Option
from seasons import CHRONICLE, SCENARIO, play_company, play_scripted, scripted_mind

SEED, DAYS = 4, 4
BEATS_PLAYED = DAYS * len(BEATS)


def header(company: str = "understudies", days: int = DAYS) -> Header:
    return Header(SEED, days, SCENARIO, CHRONICLE, company_references(company, SCENARIO))


def rows_of(path: Path) -> list[TapeRow]:
    """The tape but for how long it took."""
    with SeasonFile.open(path) as file:
        return sorted((replace(row, seconds=0.0) for row in file.tape()), key=lambda row: row.key)


def digest_of(path: Path) -> str:
    with SeasonFile.open(path) as file:
        assert file.check_chain() is None
        return file.digest


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season of understudies, as it should come out."""
    return play_company(tmp_path_factory.mktemp("whole") / "season.db", SEED, DAYS, "understudies")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season of scripted minds in both wordings, some of whose replies are refused."""
    return play_scripted(tmp_path_factory.mktemp("spoken") / "season.db", SEED, DAYS)


# --- one seed, one season ------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_season_and_another_another(tmp_path: Path, whole: Path) -> None:
    again = play_company(tmp_path / "again.db", SEED, DAYS, "understudies")
    assert digest_of(again) == digest_of(whole) and rows_of(again) == rows_of(whole)
    assert digest_of(play_company(tmp_path / "other.db", SEED + 1, DAYS, "understudies")) != digest_of(whole)
    assert digest_of(play_company(tmp_path / "null.db", SEED, DAYS, "null")) != digest_of(whole)


def test_minds_side_by_side_make_the_same_season_twice(tmp_path: Path, spoken: Path) -> None:
    again = play_scripted(tmp_path / "again.db", SEED, DAYS)
    assert digest_of(again) == digest_of(spoken) and rows_of(again) == rows_of(spoken)


def test_a_season_says_which_beats_it_played(whole: Path) -> None:
    with SeasonFile.create(IN_MEMORY, header()) as file, open_house(file) as (season, cards):
        played = list(season.beats())
        assert set(cards) == set(SCENARIO.seat_names)
        assert [event for beat in played for event in beat.events] == list(file.events())
        assert file.digest == digest_of(whole) and file.finished
    assert [(beat.day, beat.beat) for beat in played] == [(day, beat) for day in range(1, DAYS + 1) for beat in BEATS]


# --- replay --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("company", ["whole", "spoken"])
def test_a_replay_needs_nobody_and_ends_alike(company: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(company)
    digest, before = digest_of(path), path.read_bytes()
    with replay(path) as again:
        assert again.digest == digest and again.finished
    assert path.read_bytes() == before


def copy_of(path: Path, target: Path) -> Path:
    target.write_bytes(path.read_bytes())
    return target


def tampered(path: Path, target: Path, statement: str, *values: object) -> Path:
    """A copy of a season in which one row was changed."""
    connection = sqlite3.connect(copy_of(path, target))
    assert connection.execute(statement, values).rowcount == 1
    connection.commit()
    connection.close()
    return target


def turned(raw: str) -> str:
    """Grades the other way round: what was best is worst."""
    return "".join(f" {9 - int(grade)}" for grade in raw.split())


WHERE = "WHERE day = ? AND beat = ? AND seat = ? AND step = ? AND attempt = ?"


@pytest.mark.parametrize("place", range(0, 40, 5))
def test_a_changed_reply_is_caught_by_the_replay(tmp_path: Path, whole: Path, place: int) -> None:
    row = [row for row in rows_of(whole) if row.step == "moves"][place]
    path = tampered(whole, tmp_path / "x.db", f"UPDATE tape SET raw = ? {WHERE}", turned(row.raw), *row.key)
    with pytest.raises(CheckFailed):
        replay(path).close()
    # Who resumes a season is told of the day that comes out otherwise.
    with (
        SeasonFile.open(path) as file,
        open_house(file) as (season, _),
        pytest.raises(CheckFailed, match=r"day \d+ was"),
    ):
        list(season.beats())


def test_a_changed_line_is_caught_by_the_replay(tmp_path: Path, whole: Path) -> None:
    row = next(row for row in rows_of(whole) if row.say)
    path = tampered(whole, tmp_path / "x.db", f"UPDATE tape SET raw = 'Well now.' {WHERE}", *row.key)
    with pytest.raises(CheckFailed):
        replay(path).close()


@pytest.mark.parametrize("step", ["moves", "line"])
def test_a_missing_reply_is_caught_by_the_replay(tmp_path: Path, whole: Path, step: str) -> None:
    row = [row for row in rows_of(whole) if row.step == step][-1]
    path = tampered(whole, tmp_path / "x.db", f"DELETE FROM tape {WHERE}", *row.key)
    with pytest.raises(CheckFailed, match=f"no answer of {row.seat} on day {row.day}, {row.beat}, {step}"):
        replay(path).close()


def test_a_season_that_broke_off_is_not_replayed(tmp_path: Path) -> None:
    path = broken_off(tmp_path / "season.db", 9)
    with pytest.raises(CheckFailed, match="broke off on day 1 of 4"):
        replay(path).close()


# --- resume --------------------------------------------------------------------------------------------------


def broken_off(path: Path, beats: int, company: str = "understudies") -> Path:
    """A season that was left after so many beats."""
    with SeasonFile.create(path, header(company)) as file, open_house(file) as (season, _):
        playing = season.beats()
        for _ in range(beats):
            next(playing)
    return path


def resume(path: Path) -> Path:
    with SeasonFile.open(path) as file, open_house(file) as (season, _):
        assert len(list(season.beats())) == BEATS_PLAYED
    return path


@pytest.mark.parametrize("beats", range(BEATS_PLAYED + 1))
def test_a_season_left_after_any_beat_ends_as_undisturbed(tmp_path: Path, whole: Path, beats: int) -> None:
    path = broken_off(tmp_path / "season.db", beats)
    with SeasonFile.open(path) as file:
        assert file.last_day == beats // len(BEATS) and not file.finished
    resume(path)
    assert digest_of(path) == digest_of(whole) and rows_of(path) == rows_of(whole)


class Stopped(BaseException):
    """As a kill, or Ctrl-C."""


def stop_after(patch: pytest.MonkeyPatch, replies: int) -> None:
    """Stop as soon as so many replies have been taped."""
    record, left = SeasonFile.record, replies

    def and_stop(file: SeasonFile, row: TapeRow) -> None:
        nonlocal left
        record(file, row)
        left -= 1
        if left == 0:
            raise Stopped

    patch.setattr(SeasonFile, "record", and_stop)


@pytest.mark.parametrize("replies", range(1, 60, 4))
def test_a_season_stopped_between_any_two_replies_ends_as_undisturbed(
    tmp_path: Path, whole: Path, replies: int
) -> None:
    path = tmp_path / "season.db"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stopped):
        stop_after(patch, replies)
        broken_off(path, BEATS_PLAYED)
    assert len(rows_of(path)) == replies
    resume(path)
    assert digest_of(path) == digest_of(whole) and rows_of(path) == rows_of(whole)


@pytest.mark.parametrize("replies", [1, 9, 30, 55])
def test_minds_are_asked_only_what_has_no_answer(
    tmp_path: Path, spoken: Path, monkeypatch: pytest.MonkeyPatch, replies: int
) -> None:
    path = tmp_path / "season.db"
    minds: list[ScriptedMind] = []

    def opened(reference: str) -> ScriptedMind:
        mind = scripted_mind(reference)
        assert isinstance(mind, ScriptedMind)
        minds.append(mind)
        return mind

    monkeypatch.setattr(cast, "seat_mind", opened)
    with SeasonFile.open(spoken) as file:
        known = file.header
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stopped):
        stop_after(patch, replies)
        with SeasonFile.create(path, known) as file, open_house(file) as (season, _):
            list(season.beats())
    before = {row.key for row in rows_of(path)}
    minds.clear()
    resume(path)
    assert digest_of(path) == digest_of(spoken) and rows_of(path) == rows_of(spoken)
    fresh = [row for row in rows_of(path) if row.key not in before and row.step != "understudy"]
    assert sum(len(mind.requests) for mind in minds) == len(fresh) > 0


def test_a_finished_season_is_resumed_to_the_same_end(tmp_path: Path, whole: Path) -> None:
    path = resume(copy_of(whole, tmp_path / "season.db"))
    assert digest_of(path) == digest_of(whole) and rows_of(path) == rows_of(whole)


def test_what_was_broken_off_twice_comes_out_alike(tmp_path: Path, whole: Path) -> None:
    path = broken_off(tmp_path / "season.db", 7)
    for beats in (3, 8, 15, 16):
        with SeasonFile.open(path) as file, open_house(file) as (season, _):
            playing = season.beats()
            for _ in range(beats):
                next(playing)
    assert digest_of(resume(path)) == digest_of(whole)


# --- how long a prompt may become ----------------------------------------------------------------------------


def answer(request: Request) -> str:
    """Nothing."""
    del request
    return ""


class Shown(WrappedPlayer):
    """An understudy that is also put, in both wordings, to minds who count the words and are not heeded."""

    def __init__(self, player: Player, seat: Seat, counted: dict[str, int]) -> None:
        super().__init__(player)
        self._counted = counted
        self._wordings = {"cue": CuePlayer(ScriptedMind(answer)), "prose": ProsePlayer(ScriptedMind(answer), seat)}

    def _count(self, wording: str, asked: Asked) -> None:
        self._counted[wording] = max(self._counted.get(wording, 0), asked.completion.prompt_tokens)

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        for wording, player in self._wordings.items():
            self._count(wording, player.ask_moves(observation, menu, seed))
        return self._player.ask_moves(observation, menu, seed)

    def ask_line(
        self, observation: Observation, option: Option, said: Collection[str], seed: int, attempt: int
    ) -> Asked:
        for wording, player in self._wordings.items():
            self._count(wording, player.ask_line(observation, option, said, seed, attempt))
        return self._player.ask_line(observation, option, said, seed, attempt)


def largest_prompts(days: int) -> dict[str, int]:
    """The words of the largest prompt of a season in each wording."""
    counted: dict[str, int] = {}
    with SeasonFile.create(IN_MEMORY, header(days=days)) as file:
        chairs = seated(file.header, {})
        for seat in SCENARIO.seats:
            player = chairs[seat.name].player
            assert player is not None
            chairs[seat.name] = replace(chairs[seat.name], player=Shown(player, seat, counted))
        for _ in assemble(file, chairs, Tape(), None).beats():
            pass
    return counted


def test_a_long_season_asks_no_longer_prompts() -> None:
    short, long = largest_prompts(30), largest_prompts(300)
    assert short.keys() == long.keys() == {"cue", "prose"}
    for wording, ceiling in (("cue", CUE_CEILING_TOKENS), ("prose", PROSE_CEILING_TOKENS)):
        assert 20 < long[wording] <= 1.05 * short[wording] and long[wording] < ceiling, (wording, short, long)
