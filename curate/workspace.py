"""The folder that a command works in: its settings and its store."""

from dataclasses import dataclass
from pathlib import Path

from curate.settings import FILE, Settings, load
from pipeline.curation.curated import Curated, curated_set
from pipeline.store.store import Store
from schemas.progress import Progress, quiet


@dataclass(frozen=True)
class Workspace:
    """What every command but `init` starts from."""

    root: Path
    settings: Settings
    store: Store

    @classmethod
    def at(cls, root: Path) -> "Workspace":
        """The workspace in a folder; raises `UserError` when there is none."""
        return cls(root, load(root / FILE), Store(root))

    def curated(self, progress: Progress = quiet) -> Curated:
        """What is kept now, computed again if anything changed."""
        return curated_set(self.store, self.settings.curation, progress)
