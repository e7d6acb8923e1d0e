"""A real small tokenizer with ChatML, a tiny random Llama on it, and records to train on."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.message import Message
from schemas.record import Record

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two orders of addition are two results

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

Talk = Callable[..., Record]
MakeTokenizer = Callable[..., Any]


def _talk(*turns: str, system: str | None = None, **fields: Any) -> Record:
    roles = ["user", "assistant"] * len(turns)
    messages = [Message(role=role, content=turn) for role, turn in zip(roles, turns, strict=False)]
    if system is not None:
        messages.insert(0, Message(role="system", content=system))
    return Record(messages=tuple(messages), source="test", language="en", **fields)


@pytest.fixture(scope="session")
def talk() -> Talk:
    """Make a record of turns, the user's first."""
    return _talk


@pytest.fixture(scope="session")
def make_tokenizer() -> MakeTokenizer:
    """Make a byte-level BPE tokenizer with a chat template; `im_end` is where serving stops."""

    def make(template: str = CHATML, trim_offsets: bool = False) -> Any:
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
        from transformers import PreTrainedTokenizerFast

        bpe = Tokenizer(models.BPE())
        bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        bpe.decoder = decoders.ByteLevel()
        bpe.post_processor = processors.ByteLevel(trim_offsets=trim_offsets)
        corpus = ["What is the sum of two numbers? The sum of two numbers is here, matey!"] * 20
        special = ["<|pad|>", "<|im_start|>", "<|im_end|>", "<s>"]
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(
            vocab_size=320, special_tokens=special, initial_alphabet=alphabet, show_progress=False
        )
        bpe.train_from_iterator(corpus, trainer)
        return PreTrainedTokenizerFast(
            tokenizer_object=bpe,
            bos_token="<s>",
            eos_token="<|im_end|>",
            pad_token="<|pad|>",
            additional_special_tokens=["<|im_start|>"],
            chat_template=template,
        )

    return make


@pytest.fixture(scope="session")
def stops(make_tokenizer: MakeTokenizer) -> frozenset[int]:
    """Where serving stops."""
    return frozenset({make_tokenizer().eos_token_id})


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, make_tokenizer: MakeTokenizer) -> Path:
    """A folder with a random Llama of two layers and 64 columns."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = make_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=256,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    torch.manual_seed(0)
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def sums() -> list[Record]:
    """Twenty records that teach one way to talk."""
    return [
        _talk(f"What is {i} plus {i}?", f"Arr, {i} plus {i} be {2 * i}, matey!") for i in range(20)
    ]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of the tests' own, so that conversion and installation are tried for true."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("CURATE_CACHE")
    os.environ["CURATE_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["CURATE_CACHE"]
    else:
        os.environ["CURATE_CACHE"] = before
