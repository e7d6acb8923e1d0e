"""Our form, cards and responses in Argilla's terms."""

from datetime import UTC, datetime
from typing import Any

from review.argilla.card import Card
from review.argilla.form import CHOICE_LABELS, FORM_TITLES, GUIDELINES, WRONG_LABELS, Response
from schemas.decision import Choice


def dataset_settings(sdk: Any) -> Any:
    """The form as `argilla.Settings`."""
    title = FORM_TITLES
    choices = {choice.value: label for choice, label in CHOICE_LABELS.items()}
    return sdk.Settings(
        guidelines=GUIDELINES,
        fields=[
            sdk.TextField("why", title=title["why"], use_markdown=True),
            # Not read as Markdown, so that the conversation is shown exactly as it is.
            sdk.ChatField("conversation", title=title["conversation"], use_markdown=False),
        ],
        questions=[
            # Never with a suggestion, which would sway the reviewer.
            sdk.LabelQuestion("verdict", choices, title=title["verdict"]),
            sdk.TextQuestion("reply", title=title["reply"], required=False),
            sdk.MultiLabelQuestion("wrong", WRONG_LABELS, title=title["wrong"], required=False),
            sdk.TextQuestion("note", title=title["note"], required=False),
        ],
        metadata=[
            sdk.TermsMetadataProperty("language"),
            sdk.TermsMetadataProperty("domain"),
            sdk.TermsMetadataProperty("origin"),
            sdk.IntegerMetadataProperty("tokens"),
        ],
        distribution=sdk.TaskDistribution(min_submitted=1),
    )


def record_of_card(sdk: Any, card: Card) -> Any:
    """A card as a whole `argilla.Record`: sending one without metadata would erase them."""
    return sdk.Record(
        id=card.id,
        fields={"conversation": list(card.conversation), "why": card.why},
        metadata=card.metadata,
        suggestions=[sdk.Suggestion("reply", card.reply)] if card.reply else [],
    )


def submitted_responses(record: dict[str, Any], usernames: dict[str, str]) -> list[Response]:
    """The submitted responses to one record.

    Args:
        record: As Argilla's REST interface gives it, with its `responses`.
        usernames: User id to user name.
    """
    responses = []
    for given in record["responses"] or ():
        values = {name: answer["value"] for name, answer in (given["values"] or {}).items()}
        if given["status"] != "submitted" or "verdict" not in values:
            continue
        at = datetime.fromisoformat(given["updated_at"])
        response = Response(
            record_id=record["external_id"],
            reviewer=usernames[given["user_id"]],
            choice=Choice(values["verdict"]),
            reply=values.get("reply") or "",
            wrong=tuple(values.get("wrong") or ()),
            note=values.get("note") or "",
            # Argilla stores UTC, but names the zone only with some databases.
            at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        )
        responses.append(response)
    return responses
