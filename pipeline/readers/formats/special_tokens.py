"""Chat templates with tokens of their own: ChatML, Llama, Gemma, Mistral, Cohere and so on.

Nobody writes `<|im_start|>user` in a question by chance, so one text by itself is enough to know
such a template.
"""

import re
from typing import NamedTuple

from pipeline.readers.formats.roles import ROLE_OF_WORD


class TokenTemplate(NamedTuple):
    """One template: what a text of it must hold, and the tags before its turns."""

    sign: str
    """A quick look: without it the text is of another template."""
    tag: re.Pattern[str]
    """A tag; its group `who` is the speaker, in the words of `ROLE_OF_TAG`."""


def _template(sign: str, tag: str, flags: re.RegexFlag = re.NOFLAG) -> TokenTemplate:
    return TokenTemplate(sign, re.compile(tag, flags))


TOKEN_TEMPLATES = (
    _template("<|im_start|>", r"<\|im_start\|>\s*(?P<who>\w+)(?:\s*<\|im_sep\|>)?"),
    _template("<|start_header_id|>", r"<\|start_header_id\|>\s*(?P<who>\w+)\s*<\|end_header_id\|>"),
    _template("<|header_start|>", r"<\|header_start\|>\s*(?P<who>\w+)\s*<\|header_end\|>"),
    _template(
        "<start_of_turn>",
        r"<start_of_turn>\s*(?P<who>\w+)"
        r"|(?P<tool><start_function_response>(?:\s*response:)?)|(?P<next><end_function_response>)",
    ),
    _template("<|START_OF_TURN_TOKEN|>", r"<\|START_OF_TURN_TOKEN\|>\s*<\|(?P<who>\w+?)_TOKEN\|>"),
    _template("<|start_of_role|>", r"<\|start_of_role\|>\s*(?P<who>\w+)[^<]*<\|end_of_role\|>"),
    _template(
        "<｜",
        r"<｜(?P<who>System|User|Assistant)｜>"
        r"|(?P<tool><｜tool▁output▁begin｜>)|(?P<next><｜tool▁outputs▁end｜>)",
    ),
    _template(
        "<|",
        r"<\|(?P<who>system|developer|user|assistant|human|bot|chatbot|prompter|model|moss|tool"
        r"|observation)\|>[ \t]*:?",
        re.I,
    ),
    _template("<reserved_10", r"<reserved_(?P<who>102|103|106|107)>"),
    _template(
        "<|end_of_turn|>",
        r"(?:\A\s*(?:<s>)?|<\|end_of_turn\|>)\s*(?:[\w.]+ ){0,2}?"
        r"(?P<who>User|Human|Assistant|System):",
    ),
    _template(
        "[INST]",
        r"(?P<who>\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\])",
    ),
    _template("[Round ", r"(?:\[Round \d+\]\s*)?(?P<who>[问答])[:：]"),
    _template(
        "###",
        r"### *(?P<who>System|Instruction|Input|Response|Output|Human|User|Bot|Assistant):",
        re.I,
    ),
    _template(
        "ASSISTANT:",
        r"(?P<who>\b(?:USER|ASSISTANT)|^(?:SYSTEM|TOOL|OBSERVATION|FUNCTION RESPONSE)):(?=\s|\Z)",
        re.M,
    ),
)
"""In the order in which they are tried; the text before the first tag is the system text. What is
known of Harmony stands in `harmony`."""

ROLE_OF_TAG = ROLE_OF_WORD | {
    **dict.fromkeys(("[inst]", "instruction", "input", "106", "102", "问"), "user"),
    **dict.fromkeys(
        ("[/inst]", "[/tool_results]", "response", "output", "moss", "107", "103", "答"),
        "assistant",
    ),
    **dict.fromkeys(
        ("[system_prompt]", "[/system_prompt]", "[available_tools]", "[/available_tools]",
         "available_tools"),
        "system",
    ),
    **dict.fromkeys(("[tool_results]", "function response"), "tool"),
}  # fmt: skip

TEMPLATE_START = re.compile(
    r"\s*(?:<s>|<\||<｜|<start_of_turn>|<bos>|<BOS_TOKEN>|<reserved_10|\[INST\]|\[SYSTEM_PROMPT\]"
    r"|\[Round |\[gMASK\]|### |GPT\d[\w. ]* User:"
    r"|Below is an instruction)",
)
"""How a text begins that is of one of these templates, where a prompt may as well be about one."""

OPEN_END = re.compile(
    r"(?:<\|im_start\|>assistant|<\|start_header_id\|>assistant<\|end_header_id\|>"
    r"|<\|header_start\|>assistant<\|header_end\|>|<start_of_turn>model|<｜Assistant｜>"
    r"|<\|CHATBOT_TOKEN\|>|<\|start_of_role\|>assistant<\|end_of_role\|>|<\|start\|>assistant"
    r"|<\|assistant\|>|\[/INST\]|### ?(?:Assistant|Response):|\bASSISTANT:)\s*\Z",
    re.I,
)
"""How a prompt ends that waits for the assistant; with that it may begin with any text."""

OPEN_ENDINGS = (":", ">", "]", "assistant", "model")
"""A quick look before `OPEN_END`."""

START_TOKENS = (
    "<|begin_of_text|>", "<|startoftext|>", "<｜begin▁of▁sentence｜>", "<s>", "<bos>",
    "<BOS_TOKEN>", "[gMASK]<sop>", "[gMASK]sop", "[gMASK]", "<sop>",
)  # fmt: skip
"""Tokens that a template puts before the first turn."""

END_TOKENS = (
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>",
    "<|end|>", "<|begin_of_text|>", "<s>", "</s>", "<bos>", "<eos>", "<|eot|>", "<|eom|>",
    "<|end_of_turn|>", "<|END_OF_TURN_TOKEN|>", "<|return|>", "<|call|>", "<eoh>", "<eoa>", "<eom>",
    "<｜end▁of▁sentence｜>", "<｜tool▁output▁end｜>", "<｜tool▁outputs▁begin｜>", "<|user_end|>",
    "<|assistant_end|>", "<|END_RESPONSE|>", "[EOS]", "<|eos|>",
)  # fmt: skip
"""Tokens that a template puts between turns and behind the last."""

_OF_ONE_NAME = sorted(
    token
    for token in {*START_TOKENS, *END_TOKENS}
    if re.fullmatch(r"<\w+>|\[\w+\]", token) and token != "<s>"
)

TOKEN_SHAPES = {
    "bars": r"<\|[^\s|<>`~$/\\]{1,40}\|>",
    "wide bars": r"<｜[^\s｜<>`~$/\\]{1,40}｜>",
    "names": rf"(?i:{'|'.join(map(re.escape, _OF_ONE_NAME))})"
    r"|</?(?:start|end)_of_\w+>|<(?:start|end)_function_\w+>|<reserved_\d+>|<(?:pad|unk)>",
    "brackets": r"\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS)\]|<</?SYS>>",
    "sequence": r"</?s>",
    "headings": r"#{2,3} *(?i:System|Instruction|Response|Human|User|Bot|Assistant) *:",
}
"""How special tokens and separators of templates look, by family; none holds a group. In a family
of form (`<|anything|>`) a token need not be known."""


def without_end(text: str) -> str:
    """A text without the end-of-text tokens of a template behind it."""
    while (stripped := text.rstrip()).endswith(END_TOKENS):
        token = next(token for token in END_TOKENS if stripped.endswith(token))
        text = stripped.removesuffix(token)
    return text


def without_start(text: str) -> str:
    """A text without the tokens that a template puts before the first turn."""
    while (stripped := text.lstrip()).startswith(START_TOKENS):
        token = next(token for token in START_TOKENS if stripped.startswith(token))
        text = stripped.removeprefix(token)
    return text


def waits_for_reply(text: str) -> bool:
    """Whether a prompt ends with the tag of the assistant whose reply is to come."""
    tail = text[-80:].rstrip()
    return tail.endswith(OPEN_ENDINGS) and OPEN_END.search(tail) is not None
