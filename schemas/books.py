"""The books: every row that was read is somewhere, with one reason."""

from pydantic import Field, model_validator

from schemas.base import Model


class Books(Model):
    """read = rejected + repeated + records; records = kept + dropped. Refuses not to balance."""

    read: int = 0
    """Candidate conversations that were seen in files, requests and reviews."""
    rejected: int = 0
    """Rows that could not become a record."""
    repeated: int = 0
    """Rows whose conversation is a record already."""
    records: int = 0
    kept: int = 0
    dropped: dict[str, int] = Field(default_factory=dict)
    """Records by the one reason that decided."""
    flagged: dict[str, int] = Field(default_factory=dict)
    """Of the kept: records by flag; one record may carry several."""
    languages: dict[str, int] = Field(default_factory=dict)
    """Of the kept: records by language of the reply."""
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
