"""The words that files use for who is speaking, and for the columns of question and answer."""

import re
from functools import lru_cache

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
        ("tool", "function", "observation", "function_response", "function_result", "ipython",
         "tool_response", "tool_result", "tool_output", "environment"),
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

ASKING_WORDS = frozenset(
    (
        "user", "usr", "human", "customer", "client", "visitor", "prompter", "seeker", "q",
        "question", "questions", "prompt", "prompts", "query", "request", "problem", "input",
        "inputs", "instruction", "instruct", "ask", "utterance", "source",
        "用户", "用戶", "人类", "客户", "问题", "問題", "提问", "输入", "问", "ユーザー", "質問",
        "사용자", "질문",
        "frage", "anfrage", "nutzer", "benutzer", "kunde", "kundin", "pregunta", "usuario",
        "cliente", "pergunta", "usuário", "domanda", "utente", "demande", "utilisateur",
        "vraag", "gebruiker", "klant", "pytanie", "użytkownik", "klient", "вопрос",
        "пользователь", "клиент", "soru", "kullanıcı", "سؤال", "प्रश्न",
    )
)  # fmt: skip
"""The last word of a name for the side that asks: `user_message`, `Kunde`, `Q`."""

ANSWERING_WORDS = frozenset(
    (
        "assistant", "bot", "chatbot", "gpt", "chatgpt", "agent", "ai", "model", "llm", "a",
        "answer", "answers", "response", "responses", "reply", "output", "outputs", "completion",
        "completions", "target", "targets", "solution", "support", "supporter", "operator",
        "advisor", "helpdesk", "staff", "representative", "rep", "service", "team", "desk", "care",
        "助手", "助理", "机器人", "機器人", "客服", "回答", "答案", "答", "回复", "回覆", "输出",
        "アシスタント",
        "어시스턴트", "답변", "대답", "antwort", "assistent", "berater", "respuesta", "asistente",
        "agente", "resposta", "assistente", "risposta", "réponse", "reponse", "conseiller",
        "antwoord", "medewerker", "odpowiedź", "asystent", "ответ", "ассистент", "бот",
        "оператор", "cevap", "yanıt", "asistan", "جواب", "إجابة", "उत्तर",
    )
)  # fmt: skip
"""The same for the side that answers: `bot_response`, `AI Assistant`, `targets`."""

FILLING_WORDS = frozenset(
    ("text", "message", "msg", "content", "turn", "side", "utterance", "str", "string", "value",
     "body", "final", "best", "gold", "std", "reference", "raw", "full", "original", "expected",
     "correct", "right", "generated", "accepted", "preferred", "ideal", "predicted", "suggested")
)  # fmt: skip
"""Words of a name that do not say which side it is."""

LETTERS = frozenset(("a", "q"))
"""Words that tell only as a whole name: `response_a` is one of two to compare."""

NAMING_WORDS = frozenset(
    (
        "model", "llm", "agent", "ai", "support", "supporter", "operator", "advisor", "helpdesk",
        "staff", "representative", "rep", "service", "team", "desk", "care", "customer", "client",
        "visitor", "seeker", "prompter", "source", "kunde", "kundin", "klient", "cliente", "klant",
        "berater", "agente", "conseiller", "medewerker", "клиент", "оператор", "客服", "客户",
    )
)  # fmt: skip
"""Words that alone, as a column's name, are whoever speaks or what it is about, not what is
said: `model` is `gpt-4`, `agent` is `Anna`."""

WORD_BORDER = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)")


def role_of(word: object) -> object:
    """OpenAI's name of a role, whatever the file calls it; an unknown word as it is."""
    if not isinstance(word, str):
        return word
    known = ROLE_OF_WORD.get(word) or ROLE_OF_WORD.get(word.strip().lower())
    return known or side_of_name(word) or word


@lru_cache(maxsize=4096)
def side_of_name(name: str) -> str | None:
    """`user` or `assistant` by the last word of a speaker's or column's name that tells.

    `AI Assistant`, `bot_response`, `userMessage`, `Kunde`; None for `user_id` or `model_name`,
    whose other words say that they are something else.
    """
    words = name_words(name)
    if len(words) > 1 and not LETTERS.isdisjoint(words):
        return None
    sides = {word: _side_of_word(word) for word in words}
    if not words or not all(side or word in FILLING_WORDS for word, side in sides.items()):
        return None
    return next((sides[word] for word in reversed(words) if sides[word]), None)


@lru_cache(maxsize=4096)
def column_side(name: str) -> str | None:
    """The side that speaks in a column of this name; as `side_of_name`, but not for `agent`."""
    return None if NAMING_WORDS.issuperset(name_words(name)) else side_of_name(name)


def name_words(name: str) -> list[str]:
    """The words of a name, lower case: `userMessage_2` gives `user`, `message`, `2`."""
    return [word.lower() for word in WORD_BORDER.split(name.strip()) if word]


def _side_of_word(word: str) -> str | None:
    if word in ASKING_WORDS:
        return "user"
    return "assistant" if word in ANSWERING_WORDS else None
