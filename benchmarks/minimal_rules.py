"""Rules that change one thing in a sentence: written for measuring, apart from the guard's table.

The opposites are those of school vocabularies. Of the English ones above 0.92 the guard's first
table parted 41 %; words that it missed were then added to it, and rules that changed no meaning
(in/out, on/off as prepositions) taken out here. So a run today says what the guard was taught, not
what it does with a new word: of a second list of 84 English opposites it knew 28, the more frequent
ones, and parted 60 % of the pairs; that list was added too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

UNSPACED = ("zh", "ja")

WORDS = {
    "en": {
        "number": "two three, four five, six seven, eight nine, ten twelve, second third, "
        "hundred thousand, million billion",
        "unit": "days weeks, day week, months years, month year, hours minutes, hour minute, "
        "miles kilometers, mile kilometer, dollars euros, $ €, inches centimeters, feet meters, "
        "pounds kilograms, ounces grams, gallons liters, cups tablespoons, celsius fahrenheit, "
        "monday tuesday, friday saturday, january february, june july, weekly monthly",
        "negation": "is is_not, can cannot, do don't, does doesn't, was wasn't, will won't, "
        "have haven't, are aren't, did didn't, has hasn't, could couldn't, should shouldn't",
        "opposite": "accept reject, ancient modern, arrive depart, asleep awake, attack defend, "
        "before after, begin finish, better worse, big small, borrow lend, bottom top, buy sell, "
        "cheap expensive, clean dirty, close open, cold hot, create destroy, day night, dead "
        "alive, deep shallow, early late, east west, easy difficult, empty full, enter leave, "
        "expand shrink, fast slow, father mother, boy girl, man woman, men women, boys girls, "
        "first last, float sink, future past, give take, good bad, happy sad, hard soft, heavy "
        "light, high low, highest lowest, husband wife, import export, increase decrease, "
        "inside outside, left right, long short, longer shorter, lost found, love hate, maximum "
        "minimum, more fewer, more less, most least, morning evening, narrow wide, new old, "
        "north south, odd even, older younger, turn_on turn_off, log_in log_out, over under, "
        "pass fail, positive negative, public private, pull push, receive send, "
        "received sent, remember forget, rich poor, "
        "safe dangerous, same different, simple complex, sister brother, start stop, strong weak, "
        "tall short, thick thin, tomorrow yesterday, true false, up down, virtual physical, "
        "war peace, wet dry, white black, win lose, with without, always never, all none, "
        "deposit withdraw, credit debit, add remove, lock unlock, enable disable, upload download",
        "harmless": "a the, I_am I'm, do_not don't, cannot can't, what_is what's, is_not isn't, "
        "I_have I've, I_would I'd",
    },
    "de": {
        "number": "zwei drei, vier fünf, sechs sieben, acht neun",
        "unit": "Tage Wochen, Stunde Minute, Monate Jahre, Meter Kilometer",
        "negation": "ist ist_nicht, sind sind_nicht, wird wird_nicht, hat hat_nicht, kann "
        "kann_nicht, ein kein, eine keine",
        "opposite": "Mann Frau, Männer Frauen, Junge Mädchen, groß klein, große kleine, "
        "großer kleiner, schwarzer weißer, schwarze weiße, alt neu, auf unter, mit ohne, "
        "offen geschlossen, oben unten, jung alt, junger alter, schneidet klebt, sitzt steht",
        "harmless": "ein der, eine die, einem dem, einen den",
    },
    "fr": {
        "number": "deux trois, quatre cinq, six sept, huit neuf",
        "unit": "jours semaines, heure minute, mois ans, mètres kilomètres",
        "negation": "est n'est_pas, sont ne_sont_pas, a n'a_pas, joue ne_joue_pas",
        "opposite": "homme femme, hommes femmes, garçon fille, grand petit, grande petite, noir "
        "blanc, vieux neuf, sur sous, avec sans, ouvert fermé, jeune vieux, assis debout",
        "harmless": "un le, une la",
    },
    "es": {
        "number": "dos tres, cuatro cinco, seis siete, ocho nueve",
        "unit": "días semanas, hora minuto, meses años, metros kilómetros",
        "negation": "está no_está, están no_están, es no_es, tiene no_tiene, toca no_toca",
        "opposite": "hombre mujer, hombres mujeres, niño niña, grande pequeño, negro blanco, "
        "viejo nuevo, sobre bajo, con sin, abierto cerrado, joven viejo, sentado parado",
        "harmless": "un el, una la, unos los",
    },
    "it": {
        "number": "due tre, quattro cinque, otto nove",
        "unit": "giorni settimane, ora minuto, mesi anni, metri chilometri",
        "negation": "sta non_sta, stanno non_stanno, è non_è, ha non_ha, sono non_sono",
        "opposite": "uomo donna, uomini donne, ragazzo ragazza, grande piccolo, nero bianco, "
        "vecchio nuovo, sopra sotto, con senza, aperto chiuso, giovane vecchio, seduto in_piedi",
        "harmless": "un il, una la",
    },
    "pt": {
        "number": "dois três, quatro cinco, seis sete, duas três",
        "unit": "dias semanas, hora minuto, meses anos, metros quilômetros",
        "negation": "está não_está, estão não_estão, é não_é, tem não_tem, são não_são",
        "opposite": "homem mulher, homens mulheres, menino menina, grande pequeno, preto branco, "
        "velho novo, sobre sob, com sem, aberto fechado, jovem velho, sentado de_pé",
        "harmless": "um o, uma a",
    },
    "nl": {
        "number": "twee drie, vier vijf, zes zeven, acht negen",
        "unit": "dagen weken, uur minuut, maanden jaren, meter kilometer",
        "negation": "is is_niet, zijn zijn_niet, een geen, speelt speelt_niet, heeft heeft_geen",
        "opposite": "man vrouw, mannen vrouwen, jongen meisje, groot klein, grote kleine, zwarte "
        "witte, oude nieuwe, op onder, met zonder, open gesloten, jonge oude, zit staat",
        "harmless": "een de",
    },
    "ru": {
        "number": "два три, две три, четыре пять, шесть семь",
        "unit": "дней недель, часов минут, месяцев лет, метров километров",
        "negation": "есть нет, играет не_играет, едет не_едет, сидит не_сидит, бежит не_бежит, "
        "идет не_идет, стоит не_стоит, находится не_находится, ест не_ест",
        "opposite": "мужчина женщина, мужчины женщины, мальчик девочка, большой маленький, "
        "большая маленькая, черный белый, черная белая, старый новый, молодой старый, на под",
        "harmless": "человек этот_человек, мужчина этот_мужчина, женщина эта_женщина",
    },
    "zh": {
        "number": "两个 三个, 两只 三只, 两名 三名, 四个 五个",
        "unit": "两天 两周, 三天 三周, 几天 几周, 小时 分钟, 个月 星期, 厘米 毫米",
        "negation": "可以 不可以, 能 不能, 在 不在, 是 不是, 有 没有",
        "opposite": "男人 女人, 男孩 女孩, 变大 变小, 增大 减小, 男性 女性, 左侧 右侧, "
        "高血压 低血压, 上肢 下肢, 急性 慢性, 良性 恶性, 升高 降低, "
        "热敷 冷敷, 之前 之后, 饭前 饭后, 黑色 白色, "
        "长期 短期, 新生儿 老年人, 母亲 父亲, 儿子 女儿, 加重 减轻, 便秘 腹泻",
        "harmless": "一个 一名, 正在 在, 怎么 怎样",
    },
    "ja": {
        "number": "二人 三人, 二つ 三つ, 2人 3人, 二匹 三匹",
        "unit": "日間 週間, 時間 分間, か月 年間, メートル キロメートル",
        "negation": "ている ていない, ています ていません, である ではない, です ではありません",
        "opposite": "男性 女性, 男の子 女の子, 大きな 小さな, 黒い 白い, 上に 下に, 左 右, "
        "若い 年老いた, 新しい 古い, 男 女, 開い 閉じ",
        "harmless": "一人の ひとりの, しています してます, ている てる",
    },
}
"""Pairs of each kind: `_` is a space; each is replaced by the other, the first one that is found.

For a negation and what is harmless only the left is replaced by the right.
"""

SPELLED = {
    "en": "200 two_hundred, 300 three_hundred, 150 one_hundred_and_fifty, 25 twenty-five, "
    "26 twenty-six, 1200 twelve_hundred",
    "de": "200 zweihundert, 300 dreihundert, 150 hundertfünfzig, 160 hundertsechzig, "
    "25 fünfundzwanzig, 26 sechsundzwanzig, 1500 eintausendfünfhundert",
    "fr": "200 deux_cents, 71 soixante_et_onze, 72 soixante-douze, 80 quatre-vingts, "
    "99 quatre-vingt-dix-neuf, 21 vingt_et_un, 2000 deux_mille",
    "es": "200 doscientos, 300 trescientos, 500 quinientos, 21 veintiuno, 22 veintidós, "
    "35 treinta_y_cinco, 1500 mil_quinientos",
    "it": "200 duecento, 300 trecento, 21 ventuno, 22 ventidue, 108 centotto, 48 quarantotto, "
    "2500 duemilacinquecento",
    "pt": "200 duzentos, 300 trezentos, 21 vinte_e_um, 22 vinte_e_dois, 1200 mil_e_duzentos",
    "nl": "200 tweehonderd, 300 driehonderd, 25 vijfentwintig, 26 zesentwintig, "
    "22 tweeëntwintig, 3000 drieduizend",
    "ru": "200 двести, 300 триста, 500 пятьсот, 600 шестьсот, 25 двадцать_пять, 110 сто_десять",
    "zh": "25个 二十五个, 26个 二十六个, 120个 一百二十个, 130个 一百三十个",
    "ja": "25人 二十五人, 26人 二十六人, 120人 百二十人, 130人 百三十人",
}
"""Longer number words and their digits, put in the place of a number word of `WORDS`."""

WRAPPED = {
    "en": ("Please: {}", "{} Thanks!", "Hello, {}"),
    "de": ("Bitte: {}", "{} Danke!", "Hallo, {}"),
    "fr": ("S'il vous plaît : {}", "{} Merci !", "Bonjour, {}"),
    "es": ("Por favor: {}", "{} ¡Gracias!", "Hola, {}"),
    "it": ("Per favore: {}", "{} Grazie!", "Ciao, {}"),
    "pt": ("Por favor: {}", "{} Obrigado!", "Olá, {}"),
    "nl": ("Alsjeblieft: {}", "{} Bedankt!", "Hallo, {}"),
    "ru": ("Пожалуйста: {}", "{} Спасибо!", "Привет, {}"),
    "zh": ("请问{}", "{}谢谢", "你好，{}"),
    "ja": ("すみません、{}", "{}ありがとう", "こんにちは、{}"),
}
"""Courtesies around a sentence, which change nothing."""


@dataclass(frozen=True)
class Pair:
    """A sentence and the same with one thing changed."""

    language: str
    kind: str
    one: str
    other: str


def minimal_pairs(text: str, language: str) -> Iterator[Pair]:
    """Of each harmful kind at most one pair, of numbers two, and every harmless one."""
    for kind in ("number", "unit", "negation", "opposite"):
        changed = _digits(text) if kind == "number" else None
        changed = changed or _swapped(text, language, kind)
        if changed:
            yield Pair(language, kind, text, changed)
    yield from _spelled(text, language)
    plain: list[Callable[[str], str | None]] = [
        lambda text: _swapped(text, language, "harmless"),
        lambda text: text.lower(),
        lambda text: text.rstrip(".?!。？！"),
        *[wrap.format for wrap in WRAPPED[language]],
    ]
    for change in plain:
        changed = change(text)
        if changed and changed != text:
            yield Pair(language, "harmless", text, changed)


def _digits(text: str) -> str | None:
    found = re.search(r"\d+", text)
    if not found:
        return None
    number = int(found.group())
    return text[: found.start()] + str(number * 2 + 1) + text[found.end() :]


def _spelled(text: str, language: str) -> Iterator[Pair]:
    """A number in words against the next one of the list, and against its own digits."""
    listed = [entry.replace("_", " ").split(" ", 1) for entry in SPELLED[language].split(", ")]
    digits, word = listed[len(text) % len(listed)]
    _, other = listed[(len(text) + 1) % len(listed)]
    small = WORDS[language]["number"].replace(",", "").split()
    said, changed, written = (
        _replaced(text, language, [(old, new) for old in small]) for new in (word, other, digits)
    )
    if said and changed and written:
        yield Pair(language, "number", said, changed)
        yield Pair(language, "harmless", said, written)


def _swapped(text: str, language: str, kind: str) -> str | None:
    both = kind not in ("negation", "harmless")
    swaps = []
    for pair in WORDS[language][kind].split(", "):
        left, right = (word.replace("_", " ") for word in pair.split())
        swaps += [(left, right), (right, left)] if both else [(left, right)]
    return _replaced(text, language, swaps)


def _replaced(text: str, language: str, swaps: list[tuple[str, str]]) -> str | None:
    """The text with the first old word of the swaps (old, new) replaced, if there is one."""
    places = []
    for old, new in swaps:
        spaced = language not in UNSPACED and old[0].isalpha()
        word = rf"\b{re.escape(old)}\b(?!['’])" if spaced else re.escape(old)
        found = re.search(word, text, re.IGNORECASE)
        if found:
            places.append((found.start(), -len(old), found.end(), new))
    if not places:
        return None
    start, _, end, new = min(places)
    return text[:start] + new + text[end:]
