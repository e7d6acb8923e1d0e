"""The books: counts that show where every row that was read went, and that must balance."""

from pydantic import Field, model_validator

from schemas.base import Model


class Books(Model):
    """read = rejected + repeated + records, and records = kept + dropped; anything else raises."""

    read: int = 0
    """Conversations, or rows that should be one, from files, synthesis and reviews."""
    rejected: int = 0
    """Rows that could not be read as a conversation."""
    repeated: int = 0
    """Rows with a conversation that was read before, word for word."""
    records: int = 0
    kept: int = 0
    dropped: dict[str, int] = Field(default_factory=dict)
    """Dropped records, each counted under one reason."""
    flagged: dict[str, int] = Field(default_factory=dict)
    """Kept records by flag; one record may have several."""
    languages: dict[str, int] = Field(default_factory=dict)
    """Kept records by language of the reply."""
    domains: dict[str, int] = Field(default_factory=dict)
    origins: dict[str, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _balance(self) -> "Books":
        if self.read != self.rejected + self.repeated + self.records:
            raise ValueError(
                f"read {self.read} != rejected {self.rejected} + repeated {self.repeated}"
                f" + records {self.records}"
            )
        if self.records != self.kept + sum(self.dropped.values()):
            raise ValueError(f"records {self.records} != kept {self.kept} + dropped {self.dropped}")
        for name in ("languages", "domains", "origins"):
            if sum(getattr(self, name).values()) != self.kept:
                raise ValueError(f"{name} {getattr(self, name)} do not add up to {self.kept} kept")
        return self
