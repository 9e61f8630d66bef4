"""Training one model from a recipe and a table of examples, so that a killed run goes on to the same end.

Runs on a CPU or on CUDA, and as a script where only torch, transformers, safetensors and numpy are installed
(`python -m fivepenny.academy.training --help`). This module does not know what the examples mean, text, or GGUF.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fivepenny.academy import families
from fivepenny.academy.dataset import Batch, BatchOrder, ExampleTable, read_examples
from fivepenny.academy.recipe import Recipe, Schedule, read_recipe
from fivepenny.errors import BrokenInvariant, FivepennyError, WrongUse

if TYPE_CHECKING:
    import torch

BEGIN_FILE = "begin.safetensors"
STATE_FILE = "state.safetensors"
WEIGHTS_FILE = "weights.safetensors"
LOSSES_FILE = "losses.jsonl"

MOMENT_DECAYS = (0.9, 0.95)
# Reading a loss waits for the device, so on CUDA losses are read this many steps together.
CUDA_STEPS_TOGETHER = 25
TOLD_EVERY_SECONDS = 15.0
EXIT_UNFINISHED = 4

# Called with the step reached and the loss there.
Teller = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How a run goes, without bearing on what it learns (but for rounding).

    `limit_seconds` and `limit_steps` stop it early, resumably; `compiled` uses torch.compile; `threads` of the
    CPU, or torch's own choice.
    """

    checkpoint_seconds: float = 60.0
    limit_seconds: float = math.inf
    limit_steps: int | None = None
    compiled: bool = False
    half_precision: bool = True
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """Where a run stands. `tokens` counts what this call pushed through the model, padding included."""

    step: int
    finished: bool
    loss: float
    tokens: int
    seconds: float


def train(
    recipe: Recipe,
    table: ExampleTable,
    out: Path,
    device: str = "cpu",
    options: TrainingOptions | None = None,
    tell: Teller | None = None,
) -> TrainingReport:
    """Train, or go on training, in the folder `out`.

    It holds `state.safetensors` (weights and moments, replaced whole), `losses.jsonl` (one object a step) and,
    once finished, `weights.safetensors`. A recipe that begins with a model's weights wants them there as
    `begin.safetensors`. Raises `WrongUse` where these are missing or the folder belongs to another recipe, and
    `BrokenInvariant` where the loss is no longer a number.
    """
    chosen = options or TrainingOptions()
    run = _Run(recipe, table, out, device, chosen)
    return run.to_the_end(tell or (lambda step, loss: None))


def is_finished(recipe: Recipe, out: Path) -> bool:
    """Whether the folder holds the finished weights of this recipe. Raises `WrongUse` where they are another's."""
    from safetensors import safe_open

    weights = out / WEIGHTS_FILE
    if not weights.is_file():
        return False
    with safe_open(str(weights), framework="numpy") as file:
        _check_recipe(recipe, file.metadata(), weights)
    return True


def _check_recipe(recipe: Recipe, header: dict[str, str] | None, path: Path) -> None:
    if (header or {}).get("recipe") != recipe.training_digest():
        raise WrongUse(f"{path}: from another recipe: train in another folder, or take this one away")


def rate_at(schedule: Schedule, step: int) -> float:
    """Learning rate of a step counted from 0: linear warm-up, then half a cosine (Loshchilov and Hutter 2017)."""
    if step < schedule.warmup_steps:
        return schedule.learning_rate * (step + 1) / schedule.warmup_steps
    gone = (step - schedule.warmup_steps) / max(1, schedule.steps - schedule.warmup_steps)
    share = schedule.final_share + (1 - schedule.final_share) * 0.5 * (1 + math.cos(math.pi * min(1.0, gone)))
    return schedule.learning_rate * share


class _Run:
    """One process's part of a run: the model, its optimiser and its folder."""

    def __init__(self, recipe: Recipe, table: ExampleTable, out: Path, device: str, options: TrainingOptions) -> None:
        import torch

        if options.threads is not None:
            torch.set_num_threads(options.threads)
        if device.startswith("cuda"):
            torch.set_float32_matmul_precision("high")
        self._recipe, self._out, self._options = recipe, out, options
        self._device = torch.device(device)
        self._order = BatchOrder(table, recipe.schedule.batch, recipe.seed)
        self._model = families.build(recipe).to(self._device).train()
        self._body, self._head = _parts(self._model)
        if options.compiled:
            self._body = torch.compile(self._body, dynamic=False)
        self._optimiser, self._names = _optimiser(self._model, recipe.schedule, self._device)
        self._step = 0
        self._losses: list[torch.Tensor] = []
        out.mkdir(parents=True, exist_ok=True)
        self._resume()

    def to_the_end(self, tell: Teller) -> TrainingReport:
        steps, limit_steps = self._recipe.schedule.steps, self._options.limit_steps
        goal = steps if limit_steps is None else min(steps, self._step + limit_steps)
        together = CUDA_STEPS_TOGETHER if self._device.type == "cuda" else 1
        began = saved = time.monotonic()
        tokens, loss = 0, math.nan
        with (self._out / LOSSES_FILE).open("a", encoding="utf-8") as log:
            while self._step < goal:
                batch = self._order.batch_at(self._step)
                self._learn(batch)
                tokens += batch.inputs.size
                if self._step % together and self._step != goal:
                    continue
                loss = self._log_losses(log)
                tell(self._step, loss)
                now = time.monotonic()
                if now - began > self._options.limit_seconds:
                    break
                if now - saved > self._options.checkpoint_seconds:
                    self._save_state()
                    saved = now
        self._save_state()
        finished = self._step >= steps
        if finished:
            _replace(self._out / WEIGHTS_FILE, self._weights(), {"recipe": self._recipe.training_digest()})
        return TrainingReport(self._step, finished, loss, tokens, time.monotonic() - began)

    def _learn(self, batch: Batch) -> None:
        """One step of AdamW on one batch."""
        import torch
        from torch.nn import functional

        inputs, positions, labels = (self._moved(array) for array in (batch.inputs, batch.positions, batch.labels))
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._options.half_precision):
            hidden = self._body(input_ids=inputs, use_cache=False).last_hidden_state
        # Only places that bear loss meet the head, and in full precision.
        wanted = hidden.reshape(-1, hidden.shape[-1]).index_select(0, positions).float()
        loss = functional.cross_entropy(self._head(wanted), labels)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), self._recipe.schedule.clip_norm)
        for group in self._optimiser.param_groups:
            group["lr"] = rate_at(self._recipe.schedule, self._step)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self._losses.append(loss.detach())
        self._step += 1

    def _moved(self, array: Any) -> "torch.Tensor":
        import torch

        tensor = torch.from_numpy(array)
        if self._device.type == "cuda":
            return tensor.pin_memory().to(self._device, non_blocking=True)
        return tensor

    def _log_losses(self, log: Any) -> float:
        """Write the losses since the last call; the last one is returned."""
        import torch

        losses: list[float] = torch.stack(self._losses).tolist()
        self._losses.clear()
        for step, loss in enumerate(losses, start=self._step - len(losses)):
            if not math.isfinite(loss):
                raise BrokenInvariant(f"{self._recipe.name}: the loss of step {step} is not a number: lower the rate")
            log.write(json.dumps({"step": step, "loss": loss}) + "\n")
        log.flush()
        return losses[-1]

    def _weights(self) -> "dict[str, torch.Tensor]":
        return {name: weight.detach() for name, weight in self._model.named_parameters()}

    def _save_state(self) -> None:
        tensors = {f"weight/{name}": weight for name, weight in self._weights().items()}
        moments = self._optimiser.state_dict()["state"]
        for place, name in enumerate(self._names):
            for moment in ("exp_avg", "exp_avg_sq") if place in moments else ():
                tensors[f"{moment}/{name}"] = moments[place][moment]
        header = {"recipe": self._recipe.training_digest(), "step": str(self._step)}
        _replace(self._out / STATE_FILE, tensors, header)

    def _begin(self, path: Path) -> None:
        """Take the weights that the recipe goes on from."""
        from safetensors.torch import load_file

        if not path.is_file():
            raise WrongUse(f"{path}: the recipe goes on from a model's weights; they have to stand there first")
        families.fill(self._model, load_file(path), str(path))

    def _resume(self) -> None:
        """Take up the folder's state, and cut the log of losses back to it."""
        import torch
        from safetensors import safe_open

        state = self._out / STATE_FILE
        if not state.exists() and self._recipe.begins:
            self._begin(self._out / BEGIN_FILE)
        if state.exists():
            with safe_open(str(state), framework="pt") as file:
                header = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            _check_recipe(self._recipe, header, state)
            self._step = int(header["step"])
            parts: dict[str, dict[str, torch.Tensor]] = {"weight": {}, "exp_avg": {}, "exp_avg_sq": {}}
            for name, tensor in tensors.items():
                part, _, parameter = name.partition("/")
                parts[part][parameter] = tensor
            families.fill(self._model, parts.pop("weight"), str(state))
            held = self._optimiser.state_dict()
            held["state"] = {
                place: {"step": torch.tensor(float(self._step)), **{part: parts[part][name] for part in parts}}
                for place, name in enumerate(self._names)
                if name in parts["exp_avg"]
            }
            self._optimiser.load_state_dict(held)
        _cut_log(self._out / LOSSES_FILE, self._step)


def _parts(model: Any) -> tuple[Any, Any]:
    """The body of a causal model, which gives hidden states, and its head."""
    return model.base_model, model.get_output_embeddings()


def _optimiser(
    model: "torch.nn.Module", schedule: Schedule, device: "torch.device"
) -> "tuple[torch.optim.AdamW, list[str]]":
    """AdamW and the names of its parameters in its own order; weight decay is for matrices alone."""
    import torch

    named = list(model.named_parameters())
    matrices = [(name, weight) for name, weight in named if weight.ndim > 1]
    vectors = [(name, weight) for name, weight in named if weight.ndim <= 1]
    groups = [
        {"params": [weight for _, weight in matrices], "weight_decay": schedule.weight_decay},
        {"params": [weight for _, weight in vectors], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=schedule.learning_rate,
        betas=MOMENT_DECAYS,
        fused=True,
    )
    return optimiser, [name for name, _ in [*matrices, *vectors]]


def _replace(path: Path, tensors: "dict[str, torch.Tensor]", header: dict[str, str]) -> None:
    """Write tensors whole or not at all."""
    from safetensors.torch import save_file

    draft = path.with_name(path.name + ".draft")
    save_file({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, draft, header)
    draft.replace(path)


def _cut_log(path: Path, step: int) -> None:
    """Drop the losses of steps that the state does not hold, and a line that a kill left half-written."""
    if not path.exists():
        return
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            break
        if entry["step"] >= step:
            break
        kept.append(line + "\n")
    draft = path.with_name(path.name + ".draft")
    draft.write_text("".join(kept), encoding="utf-8")
    draft.replace(path)


def _spoken(steps: int) -> Teller:
    """Tells on standard error, every few seconds, where the run stands."""
    last = -math.inf

    def tell(step: int, loss: float) -> None:
        nonlocal last
        if time.monotonic() - last > TOLD_EVERY_SECONDS or step == steps:
            last = time.monotonic()
            print(f"step {step} of {steps}, loss {loss:.4f}", file=sys.stderr, flush=True)

    return tell


def main(arguments: list[str] | None = None) -> int:
    """Train from the command line. Exit code 0: finished; 4: stopped by a limit, the same command goes on."""
    parser = argparse.ArgumentParser(prog="python -m fivepenny.academy.training", description=__doc__)
    parser.add_argument("recipe", type=Path, help="a recipe, .toml or .json")
    parser.add_argument("examples", type=Path, help="encoded examples, .npz")
    parser.add_argument("out", type=Path, help="the folder of this run")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--limit-seconds", type=float, default=math.inf)
    parser.add_argument("--limit-steps", type=int)
    parser.add_argument("--checkpoint-seconds", type=float, default=60.0)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--compiled", action="store_true", help="use torch.compile")
    parser.add_argument("--full-precision", action="store_true", help="float32 throughout")
    given = parser.parse_args(arguments)
    options = TrainingOptions(
        given.checkpoint_seconds,
        given.limit_seconds,
        given.limit_steps,
        given.compiled,
        not given.full_precision,
        given.threads,
    )
    try:
        recipe, table = read_recipe(given.recipe), read_examples(given.examples)
        report = train(recipe, table, given.out, given.device, options, _spoken(recipe.schedule.steps))
    except FivepennyError as fault:
        print(fault, file=sys.stderr)
        return fault.exit_code
    print(json.dumps({"name": recipe.name, **asdict(report)}))
    return 0 if report.finished else EXIT_UNFINISHED


if __name__ == "__main__":
    sys.exit(main())
