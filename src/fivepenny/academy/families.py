"""The five architectures as transformers models, built from a recipe with seeded weights.

Torch and transformers are imported when a model is built. This module does not know data, training or GGUF.
"""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fivepenny.academy.recipe import Family, Recipe, Shape
from fivepenny.academy.tokenizer import BEGIN_ID, END_ID
from fivepenny.errors import MissingPart, WrongUse

if TYPE_CHECKING:
    import torch

NORM_EPSILON = 1e-6
ROPE_BASE = 10_000.0
# Gemma 3: every sixth layer attends globally, with a longer rope; llama.cpp takes the same default.
GEMMA_GLOBAL_EVERY_LAYERS = 6
GEMMA_GLOBAL_ROPE_BASE = 1_000_000.0
# GPT-NeoX: the share of each head that is rotated.
NEOX_ROTARY_SHARE = 0.5
LFM_CONVOLUTION_TOKENS = 3

TIED = frozenset({Family.LLAMA, Family.QWEN3, Family.GEMMA3, Family.LFM2})


def build(recipe: Recipe, twin: bool = False) -> "torch.nn.Module":
    """A float32 model on the CPU with seeded random weights.

    The twin has the same shape and another draw: what chance alone would answer. Raises `MissingPart` without
    torch or transformers.
    """
    try:
        import torch
        from transformers import AutoModelForCausalLM
    except ImportError as fault:
        raise MissingPart(
            f"building models needs the academy extra: pip install 'fivepenny[academy]' ({fault})"
        ) from fault
    stream = f"{recipe.name}/{recipe.seed}/{'twin' if twin else 'weights'}"
    seed = int.from_bytes(sha256(stream.encode()).digest()[:7])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: torch.nn.Module = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            _configuration(recipe), attn_implementation="sdpa"
        )
    return model.float()


def load(recipe: Recipe, weights: Path) -> "torch.nn.Module":
    """A model with the weights that training wrote. Raises `WrongUse` where they are not this recipe's."""
    from safetensors.torch import load_file

    try:
        tensors = load_file(weights)
    except Exception as fault:  # the library's own class is not exported by every version
        raise WrongUse(f"{weights}: cannot read these weights: {fault}") from fault
    model = build(recipe)
    fill(model, tensors, str(weights))
    return model


def fill(model: "torch.nn.Module", tensors: "dict[str, torch.Tensor]", source: str) -> None:
    """Copy named tensors into a model. Raises `WrongUse` where names or shapes are not the model's."""
    import torch

    parameters = dict(model.named_parameters())
    strange = sorted(parameters.keys() ^ tensors.keys())
    if strange:
        raise WrongUse(f"{source}: not the weights of this recipe: {strange[0]} is on one side only")
    with torch.no_grad():
        for name, parameter in parameters.items():
            if parameter.shape != tensors[name].shape:
                raise WrongUse(f"{source}: not the weights of this recipe: {name} has another shape")
            parameter.copy_(tensors[name])


def count_parameters(model: "torch.nn.Module") -> int:
    """Weights of a model; tied ones count once."""
    return sum(parameter.numel() for parameter in model.parameters())


def _configuration(recipe: Recipe) -> Any:
    """The transformers configuration of a recipe."""
    import transformers

    shape = recipe.shape
    common = _common(shape, recipe)
    match recipe.family:
        case Family.LLAMA:
            return transformers.LlamaConfig(**common, **_grouped(shape), rms_norm_eps=NORM_EPSILON)
        case Family.QWEN3:
            return transformers.Qwen3Config(**common, **_grouped(shape), rms_norm_eps=NORM_EPSILON)
        case Family.GEMMA3:
            return _gemma(shape, common)
        case Family.GPTNEOX:
            rope = {**common.pop("rope_parameters"), "partial_rotary_factor": NEOX_ROTARY_SHARE}
            return transformers.GPTNeoXConfig(**common, rope_parameters=rope, layer_norm_eps=NORM_EPSILON)
        case Family.LFM2:
            kinds = ["full_attention" if i in shape.attention_layers else "conv" for i in range(shape.layers)]
            return transformers.Lfm2Config(
                **common,
                num_key_value_heads=shape.key_heads,
                norm_eps=NORM_EPSILON,
                layer_types=kinds,
                conv_L_cache=LFM_CONVOLUTION_TOKENS,
                block_auto_adjust_ff_dim=False,
            )


def _common(shape: Shape, recipe: Recipe) -> dict[str, Any]:
    return {
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "max_position_embeddings": shape.context,
        "initializer_range": recipe.schedule.initial_deviation,
        "tie_word_embeddings": recipe.family in TIED,
        "rope_parameters": {"rope_type": "default", "rope_theta": ROPE_BASE},
        "bos_token_id": BEGIN_ID,
        "eos_token_id": END_ID,
        # A padding id would freeze its row of the embedding; padded places bear no loss anyway.
        "pad_token_id": None,
    }


def _grouped(shape: Shape) -> dict[str, Any]:
    return {"num_key_value_heads": shape.key_heads, "head_dim": shape.head_size}


def _gemma(shape: Shape, common: dict[str, Any]) -> Any:
    import transformers

    layers = range(1, shape.layers + 1)
    common["rope_parameters"] = {
        "full_attention": {"rope_type": "default", "rope_theta": GEMMA_GLOBAL_ROPE_BASE},
        "sliding_attention": {"rope_type": "default", "rope_theta": ROPE_BASE},
    }
    return transformers.Gemma3TextConfig(
        **common,
        **_grouped(shape),
        rms_norm_eps=NORM_EPSILON,
        query_pre_attn_scalar=shape.head_size,
        # As wide as the context: the layers differ in their rope alone.
        sliding_window=shape.context,
        layer_types=[
            "full_attention" if layer % GEMMA_GLOBAL_EVERY_LAYERS == 0 else "sliding_attention" for layer in layers
        ],
    )
