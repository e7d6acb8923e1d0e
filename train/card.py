"""The model card: what the adapter is, what it learnt from, and what it is not good for."""

import json
import re

from train.manifest import RunManifest

FEW_STEPS = 20
"""Optimiser steps under which a run is called a try-out. Ours, not measured."""

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
"""The hub refuses a card whose base model is anything else."""

METHODS = {"qlora": "QLoRA", "lora": "LoRA"}


def model_card(manifest: RunManifest) -> str:
    """Return the `README.md` of an adapter, with the front matter that the hub reads."""
    return "\n".join(
        [
            *_front_matter(manifest),
            f"# {manifest.name}",
            "",
            f"A {METHODS[manifest.settings.method]} adapter for"
            f" `{manifest.base_model}`, trained by curate on conversations that were read,"
            " filtered and counted.",
            "",
            *_data(manifest),
            *_result(manifest),
            *_limits(manifest),
            *_training(manifest),
        ]
    )


def _front_matter(manifest: RunManifest) -> list[str]:
    languages = [code for code in manifest.languages if code != "und"]
    return [
        "---",
        *([f"base_model: {manifest.base_model}"] if HUB_ID.fullmatch(manifest.base_model) else []),
        "library_name: peft",
        "pipeline_tag: text-generation",
        *(["language:", *(f"- {code}" for code in languages)] if languages else []),
        "tags:",
        "- lora",
        "- curate",
        "---",
        "",
    ]


def _data(manifest: RunManifest) -> list[str]:
    books = manifest.books
    languages = ", ".join(f"{code} {count}" for code, count in manifest.languages.items())
    return [
        "## Data",
        "",
        "| | records |",
        "|---|---|",
        f"| kept by the filters | {books.kept} |",
        f"| held out | {books.held_out} |",
        *(f"| left out: {reason} | {count} |" for reason, count in sorted(books.dropped.items())),
        f"| **trained on** | **{books.trained}** |",
        "",
        f"Languages by label: {languages}. {manifest.preflight.trained_tokens} tokens of replies"
        " are learnt in one epoch; questions and system prompts are not.",
        "",
        f"Length in tokens: {_pairs(manifest.preflight.tokens)}. Curated set"
        f" `{manifest.curated_key[:16]}`.",
        "",
        "Preflight: "
        + ", ".join(f"{c.name} {_word(c.ok)}" for c in manifest.preflight.checks)
        + ".",
        "",
    ]


def _result(manifest: RunManifest) -> list[str]:
    loss = manifest.outcome.held_out
    if loss is None:
        return ["## Result", "", "Nothing was held out, so nothing was measured.", ""]
    return [
        "## Result",
        "",
        f"Held-out loss {loss.base:.3f} -> {loss.adapter:.3f} (nats a token, {loss.tokens} tokens"
        f" of {loss.rows} held-out replies); {loss.improved_rows} of {loss.rows} replies became"
        " likelier.",
        "",
    ]


def _limits(manifest: RunManifest) -> list[str]:
    limits = [
        "The loss says how well the replies' wording is met, not whether answers are true or safe;"
        " no such evaluation is part of this card.",
        "Whatever the base model gets wrong, and its licence, holds here as well.",
    ]
    if manifest.outcome.steps < FEW_STEPS:
        limits.append(
            f"Only {manifest.outcome.steps} optimiser steps: a try-out, not a trained model."
        )
    loss = manifest.outcome.held_out
    if loss is not None and loss.adapter >= loss.base:
        limits.append("On held-out replies it is no better than the base model.")
    return ["## Limits", "", *(f"- {limit}" for limit in limits), ""]


def _training(manifest: RunManifest) -> list[str]:
    settings = manifest.settings.model_dump()
    return [
        "## Training",
        "",
        f"{manifest.outcome.steps} optimiser steps, {manifest.outcome.trainable_parameters}"
        f" trained parameters. Base model at `{manifest.base_fingerprint}`.",
        "",
        "```toml",
        "[train]",
        *(f"{key} = {json.dumps(value)}" for key, value in settings.items()),
        "```",
        "",
        f"Versions: {_pairs(manifest.versions)}.",
        "",
    ]


def _pairs(values: dict[str, int] | dict[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def _word(ok: bool) -> str:
    return "passed" if ok else "FAILED"
