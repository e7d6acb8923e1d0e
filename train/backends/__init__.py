"""The libraries that train, one file each.

A backend is a module of this folder with the one function of `Backend`, `train_adapter`. To add
one (Unsloth, MLX), write such a file; `train.run.fine_tune` does everything before and after. What
is asked of the function:

- It trains on exactly the tokens and labels it is given, in their order before shuffling. Nothing
  is cut, dropped, packed with other records or rendered again.
- It resumes by itself from what is in `folder.checkpoints`, and then ends as if it had never
  been interrupted. A half-written checkpoint is not used (`train.checkpoints` knows those of
  transformers' Trainer).
- It writes each step's loss with `train.metrics_log.MetricsLog` to `folder.metrics`, and tells
  `progress` of it.
- It writes the adapter in peft's format to `folder.adapter`, under the base model's name, so that
  export and other tools can load it (`train.adapter.save_adapter`).
- It measures the held-out loss with the adapter and without it
  (`train.evaluation.held_out_loss`, or the same in its own arrays).
- It prints nothing, and imports its library inside the function, so that `import train.run` is
  cheap and a missing package is one clear sentence (`train.libraries.require_packages`).
"""

from typing import Any, Protocol

from schemas.progress import Progress
from train.folder import RunFolder
from train.models import BaseModelFiles
from train.outcome import Outcome
from train.prepare.preflight import PreparedRecords
from train.settings import TrainSettings


class Backend(Protocol):
    """What each module of this folder offers."""

    def train_adapter(
        self,
        base: BaseModelFiles,
        tokenizer: Any,
        prepared: PreparedRecords,
        settings: TrainSettings,
        folder: RunFolder,
        progress: Progress,
    ) -> Outcome:
        """Train an adapter, measure it, and save it.

        Args:
            base: The base model, whose weights stay as they are.
            tokenizer: The base model's; saved beside the adapter.
            prepared: Records to train on, in a fixed order, and records to measure the loss on.
            settings: The `[train]` table.
            folder: Where checkpoints, metrics and the adapter go.
            progress: Told the step, the number of steps, and the loss.

        Raises:
            MissingExtra: a package that the backend needs is not installed.
        """
        ...
