"""The workshop: from one tiny recipe to an examined model in a seat, whatever stops it on the way.

Real seasons, training, export and engine; only the counts are small, so what is learned is nothing.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from academy_samples import tiny_recipe
from fivepenny.academy import commands, corpus, dataset, workshop
from fivepenny.academy.card import Report, write_card
from fivepenny.academy.corpus import harvest, line_examples, scattered, situations, slot_forms
from fivepenny.academy.exam import GradeMarks, LineMarks, mark_grades, mark_lines, regret_of, spoken_options, unseen
from fivepenny.academy.recipe import Family, Recipe
from fivepenny.academy.tokenizer import BEGIN_ID, END_ID, CueTokenizer
from fivepenny.cli.main import run
from fivepenny.company import cues
from fivepenny.company.lines import line_fault
from fivepenny.errors import MindFailed, MissingPart, WrongUse
from fivepenny.minds.catalogue import seat_mind
from fivepenny.minds.mind import MindCard, Request, Task, Wording
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.policies.grammar import load_voice
from fivepenny.stage.listening import Situation

NAME = "quill"
EXAMPLES = 240
SITUATIONS = 40
DAYS = 5
"""Short corpus seasons: as many situations as these tests need, in a few of them."""


def small(name: str = NAME, family: Family = Family.LLAMA, steps: int = 6) -> Recipe:
    """A recipe of the house's name, with a vocabulary that holds all words of cues."""
    recipe = tiny_recipe(family, steps=steps)
    shape = replace(recipe.shape, vocabulary=1024, context=512, layers=1)
    return replace(recipe, name=name, shape=shape, shares={"season": 0.5, "scattered": 0.25, "lines": 0.25})


def make_small(patch: pytest.MonkeyPatch) -> None:
    recipes = {name: small(name) for name in ("brock", NAME)}
    patch.setattr(workshop, "shipped_recipes", lambda: recipes)
    patch.setattr(workshop, "EXAMPLES", EXAMPLES)
    patch.setattr(workshop, "TOKENIZER_SITUATIONS", 200)
    patch.setattr(workshop, "FORM_SITUATIONS", 200)
    patch.setattr(corpus, "SEASON_DAYS", DAYS)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)


@pytest.fixture(scope="module")
def heard() -> Sequence[Situation]:
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        return harvest(3)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A work folder that the whole command has gone through undisturbed, and what it told."""
    work = tmp_path_factory.mktemp("trained")
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        commands.train([NAME], work, work / "models", "cpu", SITUATIONS, told.append)
    return work, told


def files_under(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---- corpus ----


def test_a_corpus_season_is_the_same_each_time_and_differs_by_seed(heard: Sequence[Situation]) -> None:
    assert [situation.cue() for situation in harvest(3)] == [situation.cue() for situation in heard]
    assert [situation.cue() for situation in harvest(4)] != [situation.cue() for situation in heard]
    assert {situation.observation.seat for situation in heard} == {"marrow", "quill", "vesper", "brock", "tansy"}


def test_situations_go_on_with_the_next_season_and_play_none_in_vain(
    heard: Sequence[Situation], monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[int] = []

    def listening(seed: int) -> list[Situation]:
        played.append(seed)
        return harvest(seed)

    monkeypatch.setattr(corpus, "harvest", listening)
    assert list(situations(3, 0)) == []
    assert len(list(situations(3, len(heard)))) == len(heard)
    assert played == [3]
    more = list(situations(3, len(heard) + 1))
    assert played == [3, 3, 4]
    assert more[-1].cue() == harvest(4)[0].cue()


def test_scattered_levels_change_and_nothing_else_does(heard: Sequence[Situation]) -> None:
    changed = 0
    for number, situation in enumerate(heard):
        other = scattered(situation, Random(number))
        level_free = [
            [
                [fact.key for fact in option.facts] + [option.phrase, option.act, option.to]
                for option in one.menu.options
            ]
            for one in (situation, other)
        ]
        assert level_free[0] == level_free[1]
        assert other.observation.beat == situation.observation.beat
        changed += other.cue() != situation.cue()
    assert changed > 0.9 * len(heard)


@pytest.mark.parametrize("name", ["marrow", "quill", "vesper", "brock", "tansy"])
def test_every_line_of_a_voice_is_taught_where_its_slots_have_values(name: str) -> None:
    entries = load_voice(name).entries
    examples = list(line_examples(name, Random(1), len(entries), {}))
    assert [example.target for example in examples] == [f" {entry.say}" for entry in entries]
    for entry, example in zip(entries, examples, strict=True):
        words = example.prompt.split()
        assert entry.slots - {cues.OWN_NAME} <= set(words)
        assert name not in words
        assert entry.to in ("", words[words.index("|") - 1]) or entry.to in words
        if entry.tone != "even" and cues.TABLE not in words:
            assert entry.tone in words


def test_a_line_is_taught_under_cues_as_seasons_bring_them(heard: Sequence[Situation]) -> None:
    """A move of an act may come without some slots of the act; a mind that was never shown that garbles its line."""
    forms = slot_forms(heard)
    entries = load_voice(NAME).entries
    met = 0
    for entry, example in zip(entries, line_examples(NAME, Random(1), len(entries), forms), strict=True):
        fitting = [form for form in forms.get(entry.act, ()) if entry.slots - {cues.OWN_NAME} <= form]
        named = set(example.prompt.split("|")[0].split()) & set(cues.ALL_SLOTS)
        if fitting:
            assert named in fitting
            met += 1
    assert met > len(entries) // 4
    assert all(len(set(found)) == len(found) for found in forms.values())


# ---- exam ----


def test_a_mind_that_grades_as_its_teacher_has_no_regret_and_one_that_is_silent_the_most(
    heard: Sequence[Situation],
) -> None:
    by_cue = {situation.cue(): cues.grade_target(situation.grades(NAME)) for situation in heard}
    good = mark_grades(ScriptedMind(lambda request: by_cue[request.prompt]), NAME, heard)
    assert (good.regret, good.same_grades, good.unreadable) == (0, 1, 0)
    for answer in ("no grades", MindFailed("gone")):
        bad = mark_grades(ScriptedMind(lambda request, answer=answer: answer), NAME, heard)
        worst = [max(grades) - min(grades) for grades in (situation.grades(NAME) for situation in heard)]
        assert bad.regret == pytest.approx(sum(worst) / len(worst))
        assert (bad.unreadable, bad.same_grades) == (len(heard), 0)
    assert good.by_act_table == bad.by_act_table > 0


def test_regret_is_the_distance_from_the_best_option() -> None:
    teacher = (3, 9, 0, 9)
    assert regret_of(teacher, (0, 5, 1, 2), Random(0)) == 0
    assert regret_of(teacher, (9, 5, 1, 2), Random(0)) == 6
    assert regret_of(teacher, None, Random(0)) == 9
    assert {regret_of(teacher, (4, 4, 4, 4), Random(seed)) for seed in range(40)} == {0, 6, 9}


def test_unseen_situations_are_none_that_was_taught_and_none_twice() -> None:
    first = [situation.cue() for situation in unseen(20)]
    assert len(set(first)) == 20
    second = [situation.cue() for situation in unseen(20, set(first[:5]))]
    assert not set(first[:5]) & set(second)
    assert len(set(second)) == 20


def test_lines_are_marked_as_a_season_would_judge_them(heard: Sequence[Situation]) -> None:
    options = spoken_options(heard, NAME, 30)
    assert len(options) == 30
    voice = load_voice(NAME)
    known = {cues.line_cue(option): voice.pick(option, (), Random(1)) or "" for option in options}
    marks = mark_lines(ScriptedMind(lambda request: known[request.prompt]), NAME, options)
    said = [option for option in options if line_fault(known[cues.line_cue(option)], option, (), ()) is None]
    assert marks == LineMarks(30, len(said) / 30, 1)
    assert mark_lines(ScriptedMind(lambda request: "I owe 7."), NAME, options) == LineMarks(30, 0, 0)
    own = mark_lines(ScriptedMind(lambda request: "Nothing of the kind."), NAME, options)
    assert (own.speakable, own.verbatim) == (1, 0)
    assert mark_lines(ScriptedMind([]), NAME, []) == LineMarks(0, 0, 0)


# ---- the whole way ----


def test_the_whole_way_leaves_a_model_that_says_what_it_is(trained: tuple[Path, list[str]]) -> None:
    work, told = trained
    assert {path.name for path in (work / "models").iterdir()} == {"tokenizer.json", "quill.gguf", "quill.md"}
    assert {path.name for path in (work / NAME).iterdir()} == {
        "examples.npz", "losses.jsonl", "state.safetensors", "weights.safetensors",
    }  # fmt: skip
    assert [line.split()[0] for line in told] == ["playing", "encoding", "training", "trained", "exported", "examining"]
    card = (work / "models" / "quill.md").read_text(encoding="utf-8")
    assert card.startswith("# quill\n")
    assert f"{EXAMPLES} examples" in card
    assert f"On {SITUATIONS} situations" in card
    assert "50% situations of seasons" in card


def test_the_examples_are_the_teachers_and_hold_the_shares_of_the_recipe(trained: tuple[Path, list[str]]) -> None:
    work, _ = trained
    tokenizer, table = CueTokenizer.load(work / "tokenizer.json"), dataset.read_examples(work / NAME / "examples.npz")
    expected = dict.fromkeys(("season", "scattered", "lines"), 0)
    by_cue = {situation.cue(): situation for situation in situations(0, EXAMPLES)}
    for start, end, target in zip(table.starts, table.starts[1:], table.target_starts, strict=False):
        row = table.tokens[start:end].tolist()
        assert (row[0], row[-1]) == (BEGIN_ID, END_ID)
        prompt, answer = tokenizer.decode(row[:target]), tokenizer.decode(row[target:])
        if prompt.endswith(cues.LINE_MARK):
            expected["lines"] += 1
        elif prompt in by_cue:
            expected["season"] += 1
            assert answer == cues.grade_target(by_cue[prompt].grades(NAME))
        else:
            expected["scattered"] += 1
    assert expected == {"season": 120, "scattered": 60, "lines": 60}


def test_a_second_call_makes_and_trains_nothing_anew(
    trained: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = shutil.copytree(trained[0], tmp_path / "work")
    before = files_under(work)
    for name in ("make_tokenizer", "write_examples"):
        real = getattr(workshop, name)
        monkeypatch.setattr(workshop, name, lambda *given, real=real, name=name: _only(name, real, *given))
    monkeypatch.setattr(workshop.training, "train", lambda *given, **options: pytest.fail("trained again"))
    told: list[str] = []
    commands.train([NAME], work, work / "models", "cpu", SITUATIONS, told.append)
    assert [line.split()[0] for line in told] == ["exported", "examining"]
    assert files_under(work) == before


def _only(name: str, real: Any, *given: Any) -> Any:
    """The tokenizer may be read; corpora may not be written."""
    if name == "write_examples":
        pytest.fail("corpora written again")
    return real(*given)


def test_stopped_at_every_word_it_tells_it_goes_on_to_the_same_files(
    trained: tuple[Path, list[str]], tmp_path: Path
) -> None:
    work = tmp_path / "work"

    def told_until(place: int) -> str:
        """Go on until so many words were told, and stop there; what it then said."""
        told: list[str] = []

        def tell(line: str) -> None:
            told.append(line.split()[0])
            if len(told) == place:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            commands.train([NAME], work, work / "models", "cpu", SITUATIONS, tell)
        return told[-1]

    # What is done is not told again, so the places count from another word each time.
    words = ["playing", "encoding", "training", "trained", "exported", "examining"]
    assert [told_until(place) for place in (1, 2, 3, 2, 1, 2)] == words
    commands.train([NAME], work, work / "models", "cpu", SITUATIONS, lambda line: None)
    ends, whole = files_under(work), files_under(trained[0])
    # The library writes a checkpoint's metadata in no fixed order; the weights that come of it are compared.
    state = f"{NAME}/state.safetensors"
    assert len(ends.pop(state)) == len(whole.pop(state))
    assert ends == whole


def test_the_trained_model_takes_a_seat_by_its_path(trained: tuple[Path, list[str]]) -> None:
    mind = seat_mind(f"gguf:{trained[0] / 'models' / 'quill.gguf'}")
    grades = mind.complete(Request(Task.GRADE, "", " address | wait | grades", 4, cues.grade_grammar(2), 1, 0.0)).text
    mind.close()
    assert mind.card.wording is Wording.CUE
    assert cues.parse_grades(grades, 2) is not None


def test_the_verb_trains_into_the_work_folder_and_says_who_failed(
    trained: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(trained[0], tmp_path / "work")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fivepenny.cli.academy.SITUATIONS", SITUATIONS)
    (tmp_path / "work" / "models" / "quill.gguf").unlink()
    assert run(["academy", "train", NAME, "--device", "cpu"]) == 1  # six steps teach nothing
    shown = capsys.readouterr()
    assert shown.err.splitlines()[-1].startswith("fivepenny: quill: not passed")
    assert "share_of_twin" in shown.out
    assert {path.name for path in tmp_path.iterdir()} == {"work"}
    assert (tmp_path / "work" / "models" / "quill.gguf").is_file()
    assert run(["academy", "exam", NAME, "--models", "work/models", "--situations", "40", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in report["models"]] == [NAME]
    assert run(["academy", "export", NAME, "--models", "elsewhere"]) == 0
    assert {path.name for path in (tmp_path / "elsewhere").iterdir()} == {"tokenizer.json", "quill.gguf"}


# ---- refusals ----


def test_a_changed_recipe_is_not_taken_for_the_trained_one(
    trained: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = shutil.copytree(trained[0], tmp_path / "work")
    monkeypatch.setattr(workshop, "shipped_recipes", lambda: {NAME: small(steps=7)})
    for step in (
        lambda: workshop.train_models([NAME], work, "cpu", print),
        lambda: workshop.export_models([NAME], work, work / "models", print),
    ):
        with pytest.raises(WrongUse, match="another recipe"):
            step()


def test_models_of_another_tokenizer_are_not_orphaned(trained: tuple[Path, list[str]], tmp_path: Path) -> None:
    out = tmp_path / "models"
    out.mkdir()
    (out / "brock.gguf").write_bytes(b"another's")
    (out / "tokenizer.json").write_text("{}", encoding="utf-8")
    before = files_under(out)
    with pytest.raises(WrongUse, match="brock"):
        workshop.export_models([NAME], trained[0], out, print)
    assert files_under(out) == before


def test_what_is_lacking_is_said_before_anything_is_played(
    trained: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, _ = trained
    monkeypatch.setattr(corpus, "harvest", lambda seed: pytest.fail("a season was played"))
    with pytest.raises(WrongUse, match="no recipe 'nobody'"):
        workshop.make_corpora(["nobody"], work, print)
    with pytest.raises(WrongUse, match="academy train brock"):
        workshop.export_models(["brock"], work, tmp_path, print)
    with pytest.raises(MissingPart, match=r"tokenizer\.json"):
        workshop.examine([NAME], work, tmp_path, SITUATIONS, None, print)
    with pytest.raises(MissingPart, match="no card can be written"):
        workshop.examine([NAME], tmp_path, work / "models", SITUATIONS, tmp_path, print)
    assert list(tmp_path.iterdir()) == []


def test_too_short_an_exam_is_refused(trained: tuple[Path, list[str]]) -> None:
    with pytest.raises(WrongUse, match="30 or more"):
        workshop.examine([NAME], trained[0], trained[0] / "models", 1, None, print)


def test_a_kind_of_example_that_is_not_known_is_refused() -> None:
    with pytest.raises(WrongUse, match="season, scattered, lines"):
        workshop.counts_of(replace(small(), shares={"season": 1.0, "novels": 1.0}))


def test_libraries_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(commands, "find_spec", lambda name: None if name == "gguf" else object())
    with pytest.raises(MissingPart, match=r"needs gguf; .*fivepenny\[academy\]"):
        commands.corpus([NAME], tmp_path, print)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("regret", "passed"), [(0.0, True), (1.0, True), (1.01, False)])
def test_a_model_passes_at_a_quarter_of_its_twins_regret(regret: float, passed: bool, tmp_path: Path) -> None:
    marks = GradeMarks(100, 0, regret, 0.1, 0.9, 0.5)
    report = Report(
        small(),
        MindCard(NAME, "The test bench", "llama", 1000, Wording.CUE),
        marks,
        replace(marks, regret=4.0, unreadable=7),
        LineMarks(50, 0.8, 0.5),
    )
    assert report.passed is passed
    assert not replace(report, twin=replace(marks, regret=0.0)).passed
    write_card(report, tmp_path / "quill.md", 12_345)
    text = (tmp_path / "quill.md").read_text(encoding="utf-8")
    assert f"| mean regret in grades (95%) | {regret:.3f} ± 0.100 | 4.000 ± 0.100 |" in text
    assert "12,345 examples" in text
    assert "80.0%" in text
