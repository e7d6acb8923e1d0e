"""Replies in which a model talks about being a model, unasked."""

import re

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action

PHRASES = (
    r"(?i)\b(?:as|being|i am|i'm|i’m) (?:just |only )?an? (?:ai|artificial intelligence"
    r"|large language"
    r"|language model|ai language|machine learning|virtual assistant|text-based)\b"
    r"|\bals (?:ki|künstliche intelligenz|(?:ki-)?sprachmodell|ki-assistent)\b"
    r"|\bcomo (?:(?:un |una )?(?:modelo de (?:lenguaje|ia)|inteligencia artificial|ia)"
    r"|(?:um |uma )?(?:modelo de linguagem|inteligência artificial|ia))\b"
    r"|\ben tant qu(?:e modèle de langage|['’](?:ia|intelligence artificielle|assistant ia))\b"
    r"|\b(?:come|in quanto) (?:un )?(?:modello (?:linguistico|di linguaggio)"
    r"|['’]?intelligenza artificiale|ia)\b"
    r"|\bals (?:een )?(?:ai-taalmodel|taalmodel|ai|kunstmatige intelligentie)\b"
    r"|作为(?:一个|一名|一款|一种)?(?:大型)?(?:AI|人工智能|语言模型|自然语言)"
    r"|我(?:只)?是(?:一个|一名|一款)?(?:AI|人工智能|语言模型)"
    r"|(?:AI|人工知能)(?:言語モデル|アシスタント)?(?:として|なので|である私)"
    r"|\bкак (?:языковая модель|искусственный интеллект|ии|нейросеть|ии-ассистент)\b"
    r"|\bjako (?:model językowy|sztuczna inteligencja|ai)\b"
    r"|(?:AI|인공지능) (?:언어 )?(?:모델|어시스턴트)(?:로서|로써|이므로)"
    r"|\bbir (?:yapay zeka|dil modeli)(?: \w+){0,3} olarak\b"
)
"""English, German, Spanish and Portuguese, French, Italian, Dutch, Chinese, Japanese, Russian,
Polish, Korean, Turkish."""

LIKELY = (
    "language model", " an ai", "artificial intell", "machine learning", "virtual assistant",
    "text-based", "sprachmodell", "als ki", "künstliche int", "modelo de l", "modelo de ia",
    "inteligencia art", "inteligência art", "como una ia", "como uma ia", "como ia", "modèle de l",
    "qu'ia", "qu’ia", "'assistant ia", "’assistant ia", "intelligence art", "modello ",
    "intelligenza art", "come ia", "quanto ia", "taalmodel", "als ai", "als een ai",
    "kunstmatige int", "作为", "我是", "我只是", "人工知能", "AIと", "AIな", "AIで", "AI言語",
    "AIアシ",
    "языковая модель", "искусственный интеллект", "как ии", "нейросеть", "model językowy",
    "sztuczna int", "jako ai", "AI 언어", "AI 모델", "인공지능", "yapay zeka", "dil modeli",
)  # fmt: skip
"""What one of the phrases holds: 20 times faster to look for than the phrases."""

PATTERN = re.compile(PHRASES)

ABOUT_ITSELF = re.compile(
    r"(?i)\b(?:ai|a\.i\.|artificial intelligence|language model|chat ?bot|chatgpt|gpt|robot"
    r"|computer|assistant|machine|are you|do you|who you are|about you|your name|yourself|feel"
    r"|human"
    r"|answers|(?:made|creates?d?|buil[dt]|train(?:ed|s)?|programmed|developed|designed) you"
    r"|you (?:use|generate|call)|ki|ia|inteligencia artificial|intelligence artificielle"
    r"|intelligenza artificiale|inteligência artificial|taalmodel)\b"
    r"|bist du|wer bist|eres|quién|es-tu|êtes-vous|qui es|sei un|chi sei|você é|quem é|ben je"
    r"|[你您](?:是|叫|的|会|有|曾|实施|自己)|机器人|人工智能|あなたは|кто ты|ты "
)
"""The question is about the model itself, or about such models."""

HARM = re.compile(
    r"(?i)\b(?:harm\w*|illegal\w*|unethical|dangerous|unsafe|inappropriate|offensive|hateful"
    r"|discriminat\w+|violen\w+|against the law|illegal\w*|gefährlich|ilegal|illégal|illegale"
    r"|gevaarlijk|незаконн\w*|вред\w*)\b|违法|有害|危险|不道德|違法"
)
"""The reply says why it refuses: a refusal of a harmful request is no dirt."""


class Boilerplate(Stage):
    """Flag records with a reply in which the model says unasked that it is one.

    "As an AI language model, I do not have opinions …" Not where the question is about such models
    or the reply declines something harmful.
    """

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the number of such phrases in all replies."""
        likely = pl.element().str.contains_any(list(LIKELY), ascii_case_insensitive=True)
        suspicious = pl.col("replies").list.eval(likely).list.any()
        found = measured(records, suspicious, _phrases)
        return self.verdicts(found, self.action, Reason.boilerplate, pl.col("found"))


def _phrases(question: str, replies: list[str]) -> int:
    if ABOUT_ITSELF.search(question):
        return 0
    return sum(len(PATTERN.findall(reply)) for reply in replies if not HARM.search(reply))
