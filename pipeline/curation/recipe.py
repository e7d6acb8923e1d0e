"""All filters in order. Settings and documents follow this order.

A new filter needs one file, one reason, and one line below.
"""

from pydantic import Field

from pipeline.filters.boilerplate import Boilerplate
from pipeline.filters.cut_off import CutOff
from pipeline.filters.damaged_encoding import DamagedEncoding
from pipeline.filters.echo import Echo
from pipeline.filters.empty_reply import EmptyReply
from pipeline.filters.exact_repeat import ExactRepeat
from pipeline.filters.glued_task import GluedTask
from pipeline.filters.label_conflict import LabelConflict
from pipeline.filters.leaked_tag import LeakedTag
from pipeline.filters.missing_context import MissingContext
from pipeline.filters.missing_reference import MissingReference
from pipeline.filters.non_answer import NonAnswer
from pipeline.filters.personal_data import PersonalData
from pipeline.filters.placeholder import Placeholder
from pipeline.filters.repetition import Repetition
from pipeline.filters.role_order import RoleOrder
from pipeline.filters.secret import Secret
from pipeline.filters.short_reply import ShortReply
from pipeline.filters.stage import Scope, Stage
from pipeline.filters.template_reply import TemplateReply
from pipeline.filters.too_long import TooLong
from pipeline.filters.undetermined_language import UndeterminedLanguage
from pipeline.filters.wrong_language import WrongLanguage
from pipeline.near_duplicates.stage import NearDuplicate
from schemas.base import Model


class Recipe(Model):
    """The filters by TOML table. If several would drop a record, the first in this order counts."""

    empty_reply: EmptyReply = Field(default_factory=EmptyReply)
    role_order: RoleOrder = Field(default_factory=RoleOrder)
    damaged_encoding: DamagedEncoding = Field(default_factory=DamagedEncoding)
    leaked_tag: LeakedTag = Field(default_factory=LeakedTag)
    placeholder: Placeholder = Field(default_factory=Placeholder)
    non_answer: NonAnswer = Field(default_factory=NonAnswer)
    boilerplate: Boilerplate = Field(default_factory=Boilerplate)
    missing_context: MissingContext = Field(default_factory=MissingContext)
    missing_reference: MissingReference = Field(default_factory=MissingReference)
    glued_task: GluedTask = Field(default_factory=GluedTask)
    cut_off: CutOff = Field(default_factory=CutOff)
    repetition: Repetition = Field(default_factory=Repetition)
    echo: Echo = Field(default_factory=Echo)
    wrong_language: WrongLanguage = Field(default_factory=WrongLanguage)
    secret: Secret = Field(default_factory=Secret)
    personal_data: PersonalData = Field(default_factory=PersonalData)
    short_reply: ShortReply = Field(default_factory=ShortReply)
    too_long: TooLong = Field(default_factory=TooLong)
    undetermined_language: UndeterminedLanguage = Field(default_factory=UndeterminedLanguage)
    label_conflict: LabelConflict = Field(default_factory=LabelConflict)
    exact_repeat: ExactRepeat = Field(default_factory=ExactRepeat)
    template_reply: TemplateReply = Field(default_factory=TemplateReply)
    near_duplicate: NearDuplicate = Field(default_factory=NearDuplicate)

    def stages(self, scope: Scope) -> list[Stage]:
        """The enabled stages of one scope, in order."""
        stages: list[Stage] = [getattr(self, name) for name in type(self).model_fields]
        return [stage for stage in stages if stage.scope == scope and stage.enabled]
