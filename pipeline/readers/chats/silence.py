"""A chat is cut into conversations where nobody wrote for hours.

How long a silence ends a conversation differs: colleagues fall silent at night, couples never. So
it is looked for where the chat itself has fewest pauses, between those within a conversation
(minutes) and those between two (half a day).
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from pipeline.readers.chats.chat import ChatMessage

HOUR = 3600.0
SILENCE_HOURS = 6.0
"""Where the pauses do not tell: longer than a meeting, shorter than a night."""

CANDIDATES = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
"""Hours, each about half as long again as the one before."""

LEAST_CUTS = 5
LEAST_CUT_SHARE = 0.02
"""Pauses beyond a candidate that make it worth a look: so many, and so many of all."""

WIDTH = math.sqrt(2)
"""Pauses count as near a candidate from this part of it to this multiple."""


def conversations_of(messages: Sequence[ChatMessage], hours: float) -> list[list[ChatMessage]]:
    """The messages in order, cut at each silence.

    A jump back in time as long as a silence cuts, too: there another export was pasted.

    Args:
        messages: Those of one chat. One without a time follows the one before it.
        hours: The silence that ends a conversation; 0: found by `silence_of`.
    """
    silence = (hours or silence_of(messages)) * HOUR
    conversations: list[list[ChatMessage]] = []
    last: float | None = None
    for message in messages:
        far = None not in (last, message.time) and abs((message.time or 0) - (last or 0)) >= silence
        if far or not conversations:
            conversations.append([])
        conversations[-1].append(message)
        last = last if message.time is None else message.time
    return conversations


def silence_of(messages: Sequence[ChatMessage]) -> float:
    """The hours of silence that end a conversation in this chat.

    Of the candidates that cut the chat at all, the one near which fewest pauses lie; of several the
    one nearest to `SILENCE_HOURS`, which is kept unless twice as many lie near it.
    """
    times = [message.time for message in messages if message.time is not None]
    hours = sorted(abs(after - before) / HOUR for before, after in pairwise(times))
    near = {
        candidate: bisect_left(hours, candidate * WIDTH) - bisect_left(hours, candidate / WIDTH)
        for candidate in CANDIDATES
    }
    least = max(LEAST_CUTS, len(hours) * LEAST_CUT_SHARE)
    cutting = [
        candidate
        for candidate in CANDIDATES
        if len(hours) - bisect_left(hours, candidate * WIDTH) >= least
    ]
    if not cutting:
        return SILENCE_HOURS
    best = min(cutting, key=lambda hour: (near[hour], abs(math.log(hour / SILENCE_HOURS))))
    is_kept = SILENCE_HOURS in cutting and near[best] * 2 >= near[SILENCE_HOURS]
    return SILENCE_HOURS if is_kept else best
