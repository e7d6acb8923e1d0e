"""The template of one file: found in a sample of its rows, applied to what is read of each."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import Field

from pipeline.readers.candidate import Candidate, Refused, Turn
from pipeline.readers.formats.beside import columns_beside
from pipeline.readers.formats.preference import REPLY_COLUMNS
from pipeline.readers.formats.turns import last_reply
from pipeline.readers.templates.common_ends import (
    common_label,
    common_separator,
    common_stop,
    ends_with_separator,
    without_common_end,
    without_label,
)
from pipeline.readers.templates.labels import FileLabels, find_labels
from schemas.base import Model
from schemas.reasons import Rejection

CHAT = "\x00chat"
"""No column's name."""

SAMPLE = 200
"""Rows that are looked at, evenly from those that are given."""

ToCandidates = Callable[[Any], Sequence[Candidate | Refused]]
"""What reads a row by itself."""

READABLE = frozenset(
    (Rejection.unknown_format, Rejection.not_chat, Rejection.no_user_turn,
     Rejection.no_assistant_turn)
)  # fmt: skip
"""Reasons for which a row is refused that may be a conversation in one text."""


class FileTemplate(Model):
    """What the rows of a file have in common, besides the names of their columns."""

    questions: dict[str, FileLabels] = Field(default_factory=dict)
    """Tags of the columns that a reply in another column answers; of the first message of chats
    under the name `CHAT`."""
    whole: dict[str, FileLabels] = Field(default_factory=dict)
    """Tags of columns that hold a whole conversation, or its beginning, as one text."""
    label: str | None = None
    """The label before each reply."""
    separator: str | None = None
    """What stands behind each question."""
    stop: str | None = None
    """What stands behind each reply."""

    def applied(
        self, row: Any, candidates: Sequence[Candidate | Refused], to_candidates: ToCandidates
    ) -> Sequence[Candidate | Refused]:
        """The candidates of a row without the tags that its file has in most rows.

        Args:
            row: The row.
            candidates: What was read of it.
            to_candidates: What reads it again, where a column of it was taken apart.
        """
        cuts: list[str] = []
        if self.whole and isinstance(row, dict):
            rewritten = self._rewritten(row, candidates, cuts)
            if rewritten is not None:
                candidates = to_candidates(rewritten)
        cleaned: list[Candidate | Refused] = [
            self._cleaned(candidate, cuts) if isinstance(candidate, Candidate) else candidate
            for candidate in candidates
        ]
        return [self._counted(row, cleaned[0]), *cleaned[1:]] if self.questions else cleaned

    def _counted(self, row: Any, first: Candidate | Refused) -> Candidate | Refused:
        """The candidate with what its format took apart: some tags are known in a text alone."""
        if not isinstance(first, Candidate) or first.cuts:
            return first
        for name, labels in self.questions.items():
            cell = row.get(name) if isinstance(row, dict) else None
            if isinstance(cell, str) and labels.take_apart(cell, answered=True) is not None:
                asked = [turn["content"] for turn in first.turns if turn["role"] == "user"]
                if cell.strip() not in asked:
                    return first._replace(cuts=(f"template `{labels.name}` taken apart",))
        return first

    def _rewritten(
        self, row: dict[str, Any], candidates: Sequence[Candidate | Refused], cuts: list[str]
    ) -> dict[str, Any] | None:
        """The row with the turns of its texts in place of these; None where there are none."""
        is_refused = all(
            isinstance(candidate, Refused) and candidate.reason in READABLE
            for candidate in candidates
        )
        new: dict[str, Any] = {}
        for name, labels in self.whole.items():
            is_history = name in columns_beside(tuple(row)).history
            text = row.get(name)
            if not isinstance(text, str) or not (is_refused or is_history):
                continue
            turns = labels.take_apart(text, answered=False)
            if turns is not None:
                keeps_name = is_history or name in REPLY_COLUMNS
                new[name if keeps_name else "messages"] = turns
                cuts.append(f"template `{labels.name}` taken apart")
        if not new:
            return None
        others = {
            name: cell
            for name, cell in row.items()
            if "messages" not in new or name not in (*self.whole, "messages")
        }
        return others | new

    def _cleaned(self, candidate: Candidate, cuts: Sequence[str]) -> Candidate:
        taken = list(cuts)
        turns: list[Turn] = []
        for turn in candidate.turns:
            content = turn["content"]
            if not isinstance(content, str) or turn["role"] not in ("user", "assistant"):
                turns.append(turn)
            elif turn["role"] == "assistant":
                turns.append(turn | {"content": self._reply(content, taken)})
            else:
                turns += self._question(turn, taken)
        if not taken:
            return candidate
        rejected = candidate.rejected and self._reply(candidate.rejected, [])
        return candidate._replace(
            turns=_systems_joined(turns), rejected=rejected, cuts=(*candidate.cuts, *taken)
        )

    def _question(self, turn: Turn, taken: list[str]) -> list[Turn]:
        content = turn["content"]
        if self.separator and (shorter := without_common_end(content, self.separator)):
            taken.append(f"separator `{self.separator}` after questions")
            content = shorter
        for labels in self.questions.values():
            turns = labels.take_apart(content, answered=True)
            if turns is not None:
                taken.append(f"template `{labels.name}` taken apart")
                return turns
        return [turn | {"content": content}]

    def _reply(self, content: str, taken: list[str]) -> str:
        if self.label and (shorter := without_label(content, self.label)):
            taken.append(f"label `{self.label}:` before replies")
            content = shorter
        if self.stop and (shorter := without_common_end(content, self.stop)):
            taken.append(f"stop word `{self.stop}` after replies")
            content = shorter
        return content


def find_template(rows: Sequence[Any], to_candidates: ToCandidates) -> FileTemplate | None:
    """What the first rows of a file have in common; None where that is nothing.

    Args:
        rows: The first rows, each parsed JSON or a table's row as a dict.
        to_candidates: What reads a row by itself.
    """
    sample = rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE]
    read = [(row, to_candidates(row)) for row in sample]
    whole = _whole_labels(sample, are_refused=len(_talks(read)) * 2 < len(read))
    if whole:
        begun = FileTemplate(whole=whole)
        read = [(row, begun.applied(row, found, to_candidates)) for row, found in read]
    talks = _talks(read)
    replies = [reply for talk in talks if (reply := last_reply(talk.turns))]
    separator = common_separator(_last_questions(talks))
    is_separated = separator is not None or _separated(sample) * 2 > len(sample)
    questions = _question_labels(read)
    template = FileTemplate(
        questions=questions,
        whole=whole,
        label=common_label(replies, is_labelled=bool(questions)),
        separator=separator,
        stop=common_stop(replies, is_separated=is_separated),
    )
    return None if template == FileTemplate() else template


def _talks(read: Sequence[tuple[Any, Sequence[Candidate | Refused]]]) -> list[Candidate]:
    """The first candidate of each row that has one."""
    firsts = [candidates[0] for _, candidates in read if candidates]
    return [candidate for candidate in firsts if isinstance(candidate, Candidate)]


def _last_questions(talks: Sequence[Candidate]) -> list[str]:
    texts: list[str] = []
    for talk in talks:
        asked = [turn["content"] for turn in talk.turns if turn["role"] == "user"]
        texts += [text for text in asked[-1:] if isinstance(text, str)]
    return texts


def _separated(rows: Sequence[Any]) -> int:
    """How many rows have a cell that ends as the prompts of completion files do."""
    cells = [row.values() if isinstance(row, dict) else () for row in rows]
    return sum(
        any(isinstance(cell, str) and ends_with_separator(cell) for cell in row) for row in cells
    )


def _question_labels(
    read: Sequence[tuple[Any, Sequence[Candidate | Refused]]],
) -> dict[str, FileLabels]:
    """The tags of each column that is part of a question, and of the first message of chats."""
    columns: dict[Any, list[str]] = defaultdict(list)
    for row, candidates in read:
        candidate = candidates[0] if candidates else None
        if not isinstance(candidate, Candidate):
            continue
        cells = row if isinstance(row, dict) else {"": row}
        reply = last_reply(candidate.turns) or ""
        for name, cell in cells.items():
            if isinstance(cell, str) and cell.strip() and not _is_reply(cell, reply):
                columns[name].append(cell)
        if any(isinstance(cell, list) for cell in cells.values()):
            asked = next((turn for turn in candidate.turns if turn["role"] == "user"), None)
            if asked and isinstance(asked["content"], str) and asked["content"].strip():
                columns[CHAT].append(asked["content"])
    found = {name: find_labels(texts, answered=True) for name, texts in columns.items()}
    return {name: labels for name, labels in found.items() if labels}


def _whole_labels(rows: Sequence[Any], *, are_refused: bool) -> dict[str, FileLabels]:
    """The tags of columns of history, and of any column where no format knows the rows."""
    columns: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if not isinstance(row, dict):
            continue
        names = row if are_refused else columns_beside(tuple(row)).history
        for name in names:
            if isinstance(row[name], str) and row[name].strip():
                columns[name].append(row[name])
    found = {name: find_labels(texts, answered=False) for name, texts in columns.items()}
    return {name: labels for name, labels in found.items() if labels}


def _is_reply(cell: str, reply: str) -> bool:
    return bool(reply) and (cell.rstrip().endswith(reply.strip()) or cell.strip() in reply)


def _systems_joined(turns: list[Turn]) -> list[Turn]:
    """The turns with one system text before them, in which nothing is said twice."""
    systems = [turn for turn in turns if turn["role"] == "system"]
    if len(systems) < 2:
        return turns
    texts: list[str] = []
    for turn in systems:
        text = str(turn["content"]).strip()
        if not any(text in known for known in texts):
            texts.append(text)
    others = [turn for turn in turns if turn["role"] != "system"]
    return [systems[0] | {"content": "\n\n".join(texts)}, *others]
