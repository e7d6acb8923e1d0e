"""The words that files use for who is speaking."""

ROLE_OF_WORD = {
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
"""OpenAI's role by the word that a file uses, lower case; met in public files or known to the
common trainers. An unknown word is left as it is, so that validation names it and no guess hides
it."""

CALLING_WORDS = frozenset({"function_call", "tool_call"})
"""Words for a turn in which the assistant calls a tool."""

MACHINE_WORDS = frozenset({"system", "sys"})
"""In data sets of spoken dialogues these mean the machine that answers, not a system prompt."""


def role_of(word: object) -> object:
    """OpenAI's name of a role, whatever the file calls it; an unknown word as it is."""
    if not isinstance(word, str):
        return word
    return ROLE_OF_WORD.get(word) or ROLE_OF_WORD.get(word.strip().lower(), word)
