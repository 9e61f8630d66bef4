"""Training: a run cut anywhere goes on to the same end, the loss is transformers' own, and it falls."""

import json
import math
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import fivepenny
from academy_samples import sample_examples, sample_tokenizer, tiny_recipe, write_examples
from fivepenny.academy import families
from fivepenny.academy.dataset import BatchOrder, ExampleTable, encode_examples
from fivepenny.academy.recipe import Family, Recipe, Schedule, write_recipe_json
from fivepenny.academy.training import (
    EXIT_UNFINISHED,
    LOSSES_FILE,
    STATE_FILE,
    WEIGHTS_FILE,
    TrainingOptions,
    main,
    rate_at,
    train,
)
from fivepenny.errors import BrokenInvariant, WrongUse

OPTIONS = TrainingOptions(threads=1, checkpoint_seconds=0)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> ExampleTable:
    folder = tmp_path_factory.mktemp("examples")
    source = write_examples(folder / "some.jsonl", sample_examples(60))
    return encode_examples([source], sample_tokenizer(), folder / "some.npz", context=64)


def losses(folder: Path) -> list[tuple[int, float]]:
    lines = (folder / LOSSES_FILE).read_text(encoding="utf-8").splitlines()
    return [(entry["step"], entry["loss"]) for entry in map(json.loads, lines)]


@pytest.mark.parametrize("family", Family)
def test_a_run_cut_at_random_steps_ends_as_an_undisturbed_one(
    tmp_path: Path, table: ExampleTable, family: Family
) -> None:
    recipe = tiny_recipe(family)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert train(recipe, table, whole, options=OPTIONS).finished
    lot = random.Random(family.value)
    finished = False
    while not finished:
        finished = train(recipe, table, cut, options=replace(OPTIONS, limit_steps=lot.randint(1, 5))).finished
    assert losses(cut) == losses(whole)
    assert [step for step, _ in losses(whole)] == list(range(recipe.schedule.steps))
    assert (cut / WEIGHTS_FILE).read_bytes() == (whole / WEIGHTS_FILE).read_bytes()


def test_a_killed_process_goes_on_to_the_same_end(tmp_path: Path) -> None:
    recipe = tiny_recipe(Family.LLAMA, steps=150)
    source = write_examples(tmp_path / "some.jsonl", sample_examples(60))
    table = encode_examples([source], sample_tokenizer(), tmp_path / "some.npz", context=64)
    write_recipe_json(recipe, tmp_path / "recipe.json")
    cut, whole = tmp_path / "cut", tmp_path / "whole"
    command = [sys.executable, "-m", "fivepenny.academy.training", tmp_path / "recipe.json", tmp_path / "some.npz", cut]
    environment = {**os.environ, "PYTHONPATH": str(Path(fivepenny.__file__).parents[1])}
    limits = ["--threads", "1", "--checkpoint-seconds", "0.05"]
    child = subprocess.Popen([*command, *limits], env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (cut / STATE_FILE).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    before = losses(cut)
    assert 0 < len(before) < recipe.schedule.steps
    train(recipe, table, cut, options=OPTIONS)
    train(recipe, table, whole, options=replace(OPTIONS, checkpoint_seconds=60))
    assert losses(cut) == losses(whole)
    assert losses(cut)[: len(before)] == before


def test_a_half_written_line_of_the_log_is_dropped(tmp_path: Path, table: ExampleTable) -> None:
    recipe = tiny_recipe(Family.LLAMA)
    train(recipe, table, tmp_path, options=replace(OPTIONS, limit_steps=4))
    with (tmp_path / LOSSES_FILE).open("a", encoding="utf-8") as log:
        log.write('{"step": 4, "loss": 9.9}\n{"step": 5, "lo')
    assert train(recipe, table, tmp_path, options=OPTIONS).finished
    assert [step for step, _ in losses(tmp_path)] == list(range(recipe.schedule.steps))


@pytest.mark.parametrize("family", Family)
def test_the_loss_is_the_one_that_transformers_computes(tmp_path: Path, table: ExampleTable, family: Family) -> None:
    recipe = tiny_recipe(family)
    train(recipe, table, tmp_path, options=replace(OPTIONS, limit_steps=1, half_precision=False))
    batch = BatchOrder(table, recipe.schedule.batch, recipe.seed).batch_at(0)
    labels = np.full(batch.inputs.size, -100)
    labels[batch.positions] = batch.labels
    with torch.no_grad():
        logits = families.build(recipe)(input_ids=torch.from_numpy(batch.inputs)).logits
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.from_numpy(labels), ignore_index=-100)
    assert losses(tmp_path)[0][1] == pytest.approx(float(expected), rel=1e-5)


def test_the_loss_falls(tmp_path: Path, table: ExampleTable) -> None:
    report = train(tiny_recipe(Family.LLAMA, steps=60), table, tmp_path, options=OPTIONS)
    first = losses(tmp_path)[0][1]
    assert report.finished
    assert report.loss < first / 3


def test_the_folder_of_another_recipe_is_refused(tmp_path: Path, table: ExampleTable) -> None:
    recipe = tiny_recipe(Family.LLAMA)
    train(recipe, table, tmp_path, options=replace(OPTIONS, limit_steps=1))
    kept = (tmp_path / STATE_FILE).read_bytes()
    with pytest.raises(WrongUse, match="another recipe"):
        train(replace(recipe, seed=12), table, tmp_path, options=OPTIONS)
    assert (tmp_path / STATE_FILE).read_bytes() == kept


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_state(tmp_path: Path, table: ExampleTable) -> None:
    recipe = tiny_recipe(Family.LLAMA)
    wild = replace(recipe, schedule=replace(recipe.schedule, learning_rate=1e30))
    with pytest.raises(BrokenInvariant, match="not a number"):
        train(wild, table, tmp_path, options=OPTIONS)
    assert all(math.isfinite(loss) for _, loss in losses(tmp_path))
    assert not (tmp_path / WEIGHTS_FILE).exists()


def test_the_command_says_by_its_exit_code_whether_to_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe: Recipe = tiny_recipe(Family.LFM2)
    source = write_examples(tmp_path / "some.jsonl", sample_examples(20))
    encode_examples([source], sample_tokenizer(), tmp_path / "some.npz", context=64)
    write_recipe_json(recipe, tmp_path / "recipe.json")
    command = [str(tmp_path / name) for name in ("recipe.json", "some.npz", "run")] + ["--threads", "1"]
    assert main([*command, "--limit-steps", "5"]) == EXIT_UNFINISHED
    assert main(command) == 0
    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(report["step"], report["finished"]) for report in reports] == [(5, False), (12, True)]
    assert main([str(tmp_path / "none.json"), *command[1:]]) == WrongUse.exit_code


@given(st.integers(1, 50), st.integers(1, 500), st.floats(1e-5, 1e-1), st.floats(0, 1))
def test_the_rate_rises_then_falls_to_its_share(warmup: int, more: int, peak: float, share: float) -> None:
    schedule = Schedule(warmup + more, warmup, 8, peak, share, 0.1, 1.0, 0.02)
    rates = [rate_at(schedule, step) for step in range(schedule.steps + 1)]
    assert max(rates) == pytest.approx(peak)
    assert all(left < right for left, right in pairwise(rates[:warmup]))
    assert all(left >= right for left, right in pairwise(rates[warmup:]))
    assert rates[-1] == pytest.approx(peak * share)
