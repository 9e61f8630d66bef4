"""A trained model as a GGUF file for llama.cpp, and the proof that both compute the same.

The rearrangements are those by which llama.cpp's graphs of the five families differ from transformers'. A file
takes its place only after the engine has answered with it as transformers does. This module does not know data,
training or teachers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fivepenny.academy import families
from fivepenny.academy.recipe import BLOCK_WIDTH, Family, Quantisation, Recipe
from fivepenny.academy.tokenizer import BEGIN_ID, END_ID, CueTokenizer
from fivepenny.errors import CheckFailed, MindFailed, MissingPart, WrongUse
from fivepenny.minds.engine import Engine
from fivepenny.minds.gguf import read_head
from fivepenny.minds.llama import WORDING_KEY
from fivepenny.minds.mind import Wording

if TYPE_CHECKING:
    import gguf
    import torch

# Largest difference of a log probability, in nats, between transformers in float32 and llama.cpp. Eight-bit
# blocks round weights and activations (seen: 0.09 on prompts of the kind trained on, 0.42 on random tokens);
# sixteen-bit floats round weights alone (seen: 0.02). One matrix left unarranged: 1.7 and 6.5.
DIFFERENCE_LIMIT_NATS = {Quantisation.F16: 0.05, Quantisation.Q8_0: 0.5}
COMPARED_TOKENS = 50
PROBE_LENGTHS_TOKENS = (1, 8, 33, 120)
PROBE_SEED = 5
# A drawn control token or half a character would be answered without probabilities, so the draw is a letter.
PROBE_GRAMMAR = 'root ::= "a"'

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class GgufFacts:
    """What an export gave: parameters counted once where tied, and the largest difference in nats."""

    size_bytes: int
    parameters: int
    difference_nats: float


def export(
    recipe: Recipe, weights: Path | None, tokenizer: CueTokenizer, out: Path, prompts: Sequence[str] = ()
) -> GgufFacts:
    """Write a GGUF file of trained weights, or of the random-weights twin where `weights` is None.

    The engine is compared on `prompts`, which should be of the kind that the model was trained on, or on random
    tokens where none are given: there rounding shows most.
    Raises `CheckFailed` where llama.cpp does not answer as transformers does, and then leaves no file;
    `WrongUse` where weights or tokenizer are not this recipe's; `MissingPart` without the academy extra.
    """
    model = families.build(recipe, twin=True) if weights is None else families.load(recipe, weights)
    # The engine is told by the name what the file is.
    draft = out.with_name(f".draft-{out.name}")
    try:
        write_gguf(recipe, model, tokenizer, draft)
        asked = [[BEGIN_ID, *tokenizer.encode(prompt)] for prompt in prompts]
        difference = check_gguf(recipe, model, draft, asked or random_prompts(recipe))
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return GgufFacts(out.stat().st_size, families.count_parameters(model), difference)


def check_gguf(recipe: Recipe, model: "torch.nn.Module", path: Path, prompts: Sequence[Sequence[int]]) -> float:
    """The largest difference, in nats. Raises `CheckFailed` where it passes the limit of the quantisation."""
    difference = compare(model, path, prompts)
    limit = DIFFERENCE_LIMIT_NATS[recipe.quantisation]
    if not difference <= limit:
        raise CheckFailed(
            f"{path}: log probabilities differ by up to {difference:.3g} nats from transformers' "
            f"(limit {limit}): the export of {recipe.family.value} is wrong for this engine"
        )
    return difference


def random_prompts(recipe: Recipe) -> list[list[int]]:
    """Prompts of random tokens, each after the begin token, of several lengths within the context."""
    lot = np.random.default_rng(PROBE_SEED)
    longest = recipe.shape.context - 2
    lengths = sorted({min(length, longest) for length in (*PROBE_LENGTHS_TOKENS, longest)})
    return [[BEGIN_ID, *lot.integers(2, recipe.shape.vocabulary, length).tolist()] for length in lengths]


def compare(model: "torch.nn.Module", path: Path, prompts: Sequence[Sequence[int]]) -> float:
    """Largest absolute difference, in nats, of the log probability of a next token.

    Taken over the 50 tokens that llama.cpp holds likeliest after each prompt. Raises `CheckFailed` where the
    engine refuses a prompt.
    """
    import torch

    model.eval()
    largest = 0.0
    engine = Engine(read_head(path))
    try:
        for prompt in prompts:
            with torch.no_grad():
                logits = model(input_ids=torch.tensor([list(prompt)]), use_cache=False).logits[0, -1]
            expected = torch.log_softmax(logits.double(), dim=-1)
            for token, found in _likeliest(engine, prompt, path):
                largest = max(largest, abs(found - float(expected[token])))
    finally:
        engine.close()
    return largest


def _likeliest(engine: Engine, prompt: Sequence[int], path: Path) -> list[tuple[int, float]]:
    """Token ids and log probabilities, taken before grammar and samplers (whose defaults would cut the tail)."""
    body = {
        "prompt": list(prompt),
        "n_predict": 1,
        "n_probs": COMPARED_TOKENS,
        "post_sampling_probs": False,
        "grammar": PROBE_GRAMMAR,
        "cache_prompt": False,
        "temperature": 1.0,
        "top_k": 0,
        "top_p": 1.0,
        "min_p": 0.0,
        "seed": PROBE_SEED,
    }
    try:
        answer = engine.post("/completion", body)
        rows = answer["completion_probabilities"][0]["top_logprobs"]
        pairs = [(int(row["id"]), float(row["logprob"])) for row in rows]
    except (MindFailed, KeyError, IndexError) as fault:
        raise CheckFailed(f"{path}: the engine gave no log probabilities: {fault}") from fault
    if len(pairs) != COMPARED_TOKENS or answer["tokens_evaluated"] != len(prompt):
        raise CheckFailed(f"{path}: the engine did not read the prompt as it was given")
    return pairs


def write_gguf(recipe: Recipe, model: "torch.nn.Module", tokenizer: CueTokenizer, path: Path) -> None:
    """Write a model as a GGUF file, unchecked; `export` is what leaves a file that can be trusted."""
    try:
        import gguf
    except ImportError as fault:
        raise MissingPart("export needs the academy extra: pip install 'fivepenny[academy]'") from fault
    architecture = architecture_of(recipe.family)
    writer = gguf.GGUFWriter(path, gguf.MODEL_ARCH_NAMES[architecture])
    _add_card(writer, recipe)
    _add_shape(writer, recipe)
    _add_tokenizer(writer, recipe, tokenizer)
    names = gguf.get_tensor_name_map(architecture, recipe.shape.layers)
    for name, weight in arranged(recipe, model):
        found = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if found is None:
            raise WrongUse(f"{recipe.name}: llama.cpp's {recipe.family.value} has no tensor for {name}")
        kind = _stored_as(recipe, weight)
        writer.add_tensor(found, gguf.quants.quantize(weight, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def arranged(recipe: Recipe, model: "torch.nn.Module") -> Iterator[tuple[str, Weights]]:
    """Every parameter by its transformers name, as llama.cpp's graph of the family wants it."""
    shape = recipe.shape
    for name, parameter in model.named_parameters():
        weight: Weights = parameter.detach().float().numpy()
        if recipe.family is Family.LLAMA and "q_proj" in name:
            weight = _interleaved(weight, shape.heads)
        elif recipe.family is Family.LLAMA and "k_proj" in name:
            weight = _interleaved(weight, shape.key_heads)
        elif recipe.family is Family.GEMMA3 and "norm" in name:
            # Transformers stores the distance from one.
            weight = weight + np.float32(1)
        elif recipe.family is Family.GPTNEOX and "query_key_value" in name:
            weight = _regrouped(weight, shape.heads)
        elif recipe.family is Family.LFM2 and name.endswith("conv.conv.weight"):
            weight = weight.squeeze(1)
        yield name, np.ascontiguousarray(weight)


def _interleaved(weight: Weights, heads: int) -> Weights:
    """Rows of each head from two halves to neighbouring pairs: llama.cpp rotates neighbours."""
    halves = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return halves.swapaxes(1, 2).reshape(weight.shape)


def _regrouped(weight: Weights, heads: int) -> Weights:
    """Rows from query, key, value of each head to all queries, all keys, all values."""
    by_head = weight.reshape(heads, 3, weight.shape[0] // heads // 3, *weight.shape[1:])
    return by_head.swapaxes(0, 1).reshape(weight.shape)


def _stored_as(recipe: Recipe, weight: Weights) -> "gguf.GGMLQuantizationType":
    """Matrices are quantised; vectors and convolution kernels stay in float32, as llama.cpp wants them."""
    import gguf

    if weight.ndim < 2 or weight.shape[-1] % BLOCK_WIDTH:
        return gguf.GGMLQuantizationType.F32
    if recipe.quantisation is Quantisation.F16:
        return gguf.GGMLQuantizationType.F16
    return gguf.GGMLQuantizationType.Q8_0


def architecture_of(family: Family) -> "gguf.MODEL_ARCH":
    """What GGUF calls a family."""
    import gguf

    return {
        Family.LLAMA: gguf.MODEL_ARCH.LLAMA,
        Family.QWEN3: gguf.MODEL_ARCH.QWEN3,
        Family.GEMMA3: gguf.MODEL_ARCH.GEMMA3,
        Family.GPTNEOX: gguf.MODEL_ARCH.GPTNEOX,
        Family.LFM2: gguf.MODEL_ARCH.LFM2,
    }[family]


def _add_card(writer: "gguf.GGUFWriter", recipe: Recipe) -> None:
    import gguf

    types = gguf.LlamaFileType
    writer.add_name(recipe.name)
    writer.add_author(recipe.author)
    writer.add_organization(recipe.author)
    writer.add_license(recipe.licence)
    writer.add_description(recipe.description)
    writer.add_finetune(Wording.CUE.value)
    writer.add_file_type(types.MOSTLY_F16 if recipe.quantisation is Quantisation.F16 else types.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_string(WORDING_KEY, Wording.CUE.value)
    writer.add_string("fivepenny.recipe", recipe.training_digest())


def _add_shape(writer: "gguf.GGUFWriter", recipe: Recipe) -> None:
    shape, family = recipe.shape, recipe.family
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_head_count(shape.heads)
    rotated = families.NEOX_ROTARY_SHARE if family is Family.GPTNEOX else 1.0
    writer.add_rope_dimension_count(int(shape.head_size * rotated))
    writer.add_rope_freq_base(families.GEMMA_GLOBAL_ROPE_BASE if family is Family.GEMMA3 else families.ROPE_BASE)
    if family is Family.GPTNEOX:
        writer.add_layer_norm_eps(families.NORM_EPSILON)
        writer.add_parallel_residual(True)
    else:
        writer.add_layer_norm_rms_eps(families.NORM_EPSILON)
    if family is Family.LFM2:
        attending = set(shape.attention_layers)
        writer.add_head_count_kv([shape.key_heads if i in attending else 0 for i in range(shape.layers)])
        writer.add_shortconv_l_cache(families.LFM_CONVOLUTION_TOKENS)
    else:
        writer.add_head_count_kv(shape.key_heads)
    if family in (Family.QWEN3, Family.GEMMA3):
        writer.add_key_length(shape.head_size)
        writer.add_value_length(shape.head_size)
    if family is Family.GEMMA3:
        writer.add_sliding_window(shape.context)
        writer.add_sliding_window_pattern(families.GEMMA_GLOBAL_EVERY_LAYERS)
        writer.add_rope_freq_base_swa(families.ROPE_BASE)


def _add_tokenizer(writer: "gguf.GGUFWriter", recipe: Recipe, tokenizer: CueTokenizer) -> None:
    import gguf

    missing = recipe.shape.vocabulary - tokenizer.size
    if missing < 0:
        raise WrongUse(f"{recipe.name}: a vocabulary of {recipe.shape.vocabulary} for {tokenizer.size} tokens")
    tokens = [*tokenizer.vocabulary(), *(f"<|unused-{place}|>" for place in range(missing))]
    kinds = [gguf.TokenType.NORMAL] * tokenizer.size + [gguf.TokenType.UNUSED] * missing
    kinds[BEGIN_ID] = kinds[END_ID] = gguf.TokenType.CONTROL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(tokenizer.merges())
    writer.add_bos_token_id(BEGIN_ID)
    writer.add_eos_token_id(END_ID)
    # Models are trained with the begin token before every prompt; ids are taken as they are given.
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
