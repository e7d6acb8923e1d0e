"""The model card: what the adapter is, what it was trained on, and where its limits are."""

import json
import re

from train.manifest import RunManifest

_FEW_STEPS = 20
"""With fewer optimiser steps, the card calls the run a trial. Our choice, not measured."""

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
"""The form of a hub id. The hub refuses a card whose `base_model` is anything else."""

_METHODS = {"qlora": "QLoRA", "lora": "LoRA"}


def model_card(manifest: RunManifest) -> str:
    """Return the `README.md` of an adapter, with the front matter that the hub reads."""
    return "\n".join(
        [
            *_front_matter(manifest),
            f"# {manifest.name}",
            "",
            f"A {_METHODS[manifest.settings.method]} adapter for"
            f" `{manifest.base_model}`, trained with curate on conversations that were filtered"
            " and counted.",
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
        *([f"base_model: {manifest.base_model}"] if _HUB_ID.fullmatch(manifest.base_model) else []),
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
        f"Languages by label: {languages}. One epoch trains on"
        f" {manifest.preflight.trained_tokens} tokens, all of them in the assistant's replies.",
        "",
        f"Length of a conversation in tokens: {_pairs(manifest.preflight.tokens)}. Curated set"
        f" `{manifest.curated_key[:16]}`.",
        "",
        "Preflight: "
        + ", ".join(
            f"{check.name} {'passed' if check.ok else 'FAILED'}"
            for check in manifest.preflight.checks
        )
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
        f"Held-out loss {loss.base:.3f} -> {loss.adapter:.3f} (nats per token, over {loss.tokens}"
        f" tokens of {loss.rows} held-out conversations); lower on {loss.improved_rows} of"
        f" {loss.rows}.",
        "",
    ]


def _limits(manifest: RunManifest) -> list[str]:
    limits = [
        "The loss tells how likely the model finds the wording of the held-out replies, not whether"
        " its answers are true or safe. Nothing in this card measures that.",
        "The base model's weaknesses and its licence apply here too.",
    ]
    if manifest.outcome.steps < _FEW_STEPS:
        limits.append(
            f"Only {manifest.outcome.steps} optimiser steps: a trial run, not a trained model."
        )
    loss = manifest.outcome.held_out
    if loss is not None and loss.adapter >= loss.base:
        limits.append("On the held-out replies it is no better than the base model.")
    return ["## Limits", "", *(f"- {limit}" for limit in limits), ""]


def _training(manifest: RunManifest) -> list[str]:
    settings = manifest.settings.model_dump()
    return [
        "## Training",
        "",
        f"{manifest.outcome.steps} optimiser steps, {manifest.outcome.trainable_parameters}"
        f" trainable parameters. Fingerprint of the base model: `{manifest.base_fingerprint}`.",
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
