"""The words that files use for who is speaking."""

ROLES = {
    "system": "system",
    "developer": "developer",
    **dict.fromkeys(
        ("user", "human", "prompter", "customer", "seeker", "question", "usr", "client"), "user"
    ),
    **dict.fromkeys(
        ("assistant", "gpt", "bot", "model", "chatgpt", "bing", "chatbot", "agent", "supporter",
         "ai", "answer"),
        "assistant",
    ),
    **dict.fromkeys(
        ("tool", "function", "observation", "function_response", "function_result", "ipython"),
        "tool",
    ),
}  # fmt: skip
"""In lower case; met in public files or known to the common trainers. An unknown word is left as it
is, so that validation names it rather than a guess hiding it."""

CALLING = frozenset({"function_call", "tool_call"})
"""Words for a turn in which the assistant calls a tool."""

MACHINE = frozenset({"system", "sys"})
"""In sets of spoken dialogues these words mean the machine that answers, not a system prompt."""


def role(word: object) -> object:
    """OpenAI's name of a role, whatever the file calls it."""
    if not isinstance(word, str):
        return word
    return ROLES.get(word) or ROLES.get(word.strip().lower(), word)
