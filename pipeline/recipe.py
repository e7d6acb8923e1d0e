"""All stages, in order. Settings, documents and the order in which drops decide come from here.

A new filter is one file, one reason, and one line below.
"""

from pydantic import Field

from pipeline.filters.empty_reply import EmptyReply
from pipeline.filters.exact_repeat import ExactRepeat
from pipeline.filters.label_conflict import LabelConflict
from pipeline.filters.placeholder import Placeholder
from pipeline.filters.role_order import RoleOrder
from pipeline.filters.short_reply import ShortReply
from pipeline.filters.undetermined_language import UndeterminedLanguage
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.stage import Scope, Stage
from schemas.base import Model


class Recipe(Model):
    """The stages by their TOML table. Of several drops the first in this order decides."""

    empty_reply: EmptyReply = Field(default_factory=EmptyReply)
    role_order: RoleOrder = Field(default_factory=RoleOrder)
    placeholder: Placeholder = Field(default_factory=Placeholder)
    short_reply: ShortReply = Field(default_factory=ShortReply)
    undetermined_language: UndeterminedLanguage = Field(default_factory=UndeterminedLanguage)
    label_conflict: LabelConflict = Field(default_factory=LabelConflict)
    exact_repeat: ExactRepeat = Field(default_factory=ExactRepeat)
    near_duplicate: NearDuplicate = Field(default_factory=NearDuplicate)

    def stages(self, scope: Scope) -> list[Stage]:
        """The enabled stages of one scope, in order."""
        every: list[Stage] = [getattr(self, name) for name in type(self).model_fields]
        return [stage for stage in every if stage.scope == scope and stage.enabled]
