"""Pairs of our own in ten languages that differ in a direction, a place, a code or a person.

Real questions seldom name two places, so these are written: frames that are filled twice.
"""

from collections.abc import Iterator
from itertools import combinations

from benchmarks.minimal_rules import Pair

CITIES = {
    "en": "Paris London Rome Madrid Vienna",
    "de": "Berlin Wien Hamburg Zürich Köln",
    "fr": "Paris Lyon Nantes Lille Nice",
    "es": "Madrid Sevilla Valencia Bilbao Toledo",
    "pt": "Lisboa Porto Braga Faro Coimbra",
    "it": "Roma Milano Torino Napoli Genova",
    "nl": "Utrecht Gent Leiden Breda Antwerpen",
    "ru": "Москва Казань Пермь Сочи Тула",
    "zh": "北京 上海 广州 成都 西安",
    "ja": "東京 大阪 京都 札幌 福岡",
}

DIRECTIONS = {
    "en": ("How long does the train from {a} to {b} take?", "What is a flight from {a} to {b}?",
           "How do I send a parcel from {a} to {b}?"),
    "de": ("Wie lange fährt der Zug von {a} nach {b}?", "Was kostet ein Flug von {a} nach {b}?",
           "Wie schicke ich ein Paket von {a} nach {b}?"),
    "fr": ("Combien de temps met le train de {a} à {b} ?", "Combien coûte un vol de {a} à {b} ?",
           "Comment envoyer un colis de {a} à {b} ?"),
    "es": ("¿Cuánto tarda el tren de {a} a {b}?", "¿Cuánto cuesta un vuelo de {a} a {b}?",
           "¿Cómo envío un paquete de {a} a {b}?"),
    "pt": ("Quanto tempo leva o comboio de {a} para {b}?", "Quanto custa um voo de {a} para {b}?",
           "Como envio uma encomenda de {a} para {b}?"),
    "it": ("Quanto dura il treno da {a} a {b}?", "Quanto costa un volo da {a} a {b}?",
           "Come spedisco un pacco da {a} a {b}?"),
    "nl": ("Hoe lang duurt de trein van {a} naar {b}?", "Wat kost een vlucht van {a} naar {b}?",
           "Hoe stuur ik een pakket van {a} naar {b}?"),
    "ru": ("Сколько идёт поезд {a} — {b}?", "Сколько стоит билет по маршруту {a} — {b}?",
           "Как отправить посылку по пути {a} — {b}?"),
    "zh": ("从{a}到{b}的火车要多久？", "从{a}到{b}的机票多少钱？", "怎么把包裹从{a}寄到{b}？"),
    "ja": ("{a}から{b}まで電車で何時間ですか？", "{a}から{b}までの航空券はいくらですか？",
           "{a}から{b}へ荷物を送るにはどうすればいいですか？"),
}  # fmt: skip

PLACES = {
    "en": ("in front of", "behind", "Where can I park {} the station?", "Is there a bench {} it?"),
    "de": ("vor dem", "hinter dem", "Wo kann ich {} Bahnhof parken?", "Steht {} Haus eine Bank?"),
    "fr": ("devant", "derrière", "Où me garer {} la gare ?", "Y a-t-il un banc {} la maison ?"),
    "es": ("delante de", "detrás de", "¿Dónde aparco {} la estación?", "¿Hay un banco {} la casa?"),
    "pt": ("em frente da", "atrás da", "Onde estaciono {} estação?", "Há um banco {} casa?"),
    "it": ("davanti alla", "dietro alla", "Dove parcheggio {} stazione?", "C'è un sedile {} casa?"),
    "nl": ("voor een", "achter een", "Mag ik {} station parkeren?", "Staat er {} huis een bank?"),
    "ru": ("перед", "за", "Где припарковаться {} вокзалом?", "Есть ли скамейка {} домом?"),
    "zh": ("前面", "后面", "车站{}可以停车吗？", "房子{}有长椅吗？"),
    "ja": ("の前に", "の後ろに", "駅{}車を止められますか？", "家{}ベンチがありますか？"),
}

CODES = (("P1102", "P1102w"), ("A64", "G64"), ("X200s", "X200t"), ("DX-40", "EX-40"))

CODE_FRAMES = {
    "en": ("Which cable fits the {}?", "Where do I find a manual for the {}?"),
    "de": ("Welches Kabel passt zum {}?", "Wo finde ich eine Anleitung für das {}?"),
    "fr": ("Quel câble va avec le {} ?", "Où trouver une notice pour le {} ?"),
    "es": ("¿Qué cable sirve para el {}?", "¿Dónde hay un manual del {}?"),
    "pt": ("Que cabo serve no {}?", "Onde há um manual do {}?"),
    "it": ("Quale cavo va bene per il {}?", "Dove trovo un manuale per il {}?"),
    "nl": ("Welke kabel past op de {}?", "Waar vind ik een handleiding voor de {}?"),
    "ru": ("Какой кабель подходит к {}?", "Где найти инструкцию к {}?"),
    "zh": ("{}用哪种线？", "哪里有{}的说明书？"),
    "ja": ("{}に合うケーブルはどれですか？", "{}の説明書はどこにありますか？"),
}

PERSONS = {
    "en": ("man boy, woman girl, he she", "Can a {} join the club?", "What may {} wear?"),
    "de": ("Mann Junge", "Darf ein {} in den Klub?", "Was trägt der {} dazu?"),
    "fr": ("homme garçon, femme fille, il elle", "Que peut porter {} ?", "Que fait {} ici ?"),
    "es": ("hombre niño, mujer niña, él ella", "¿Qué puede llevar {}?", "¿Qué hace {} aquí?"),
    "pt": ("homem menino, mulher menina, ele ela", "O que pode vestir {}?", "O que faz {} aqui?"),
    "it": ("uomo ragazzo, donna ragazza", "Che cosa porta {}?", "Che cosa fa {} qui?"),
    "nl": ("man jongen, vrouw meisje, hij zij", "Wat mag {} dragen?", "Wat doet {} hier?"),
    "ru": ("мужчина мальчик, женщина девочка, он она", "Что надеть, если {} идёт?", "Где {}?"),
    "zh": ("男人 男孩, 女人 女孩, 他 她", "{}可以穿什么？", "{}在这里做什么？"),
    "ja": ("男性 少年, 女性 少女, 彼は 彼女は", "{}何を着られますか？", "{}ここで何をしますか？"),
}

FRAME_KINDS = ("direction", "place", "code", "person")


def framed_pairs() -> Iterator[Pair]:
    """Every pair of every language."""
    for language, cities in CITIES.items():
        for a, b in combinations(cities.split(), 2):
            for frame in DIRECTIONS[language]:
                one, other = frame.format(a=a, b=b), frame.format(a=b, b=a)
                yield Pair(language, "direction", one, other)
        front, behind, *frames = PLACES[language]
        for frame in frames:
            yield Pair(language, "place", frame.format(front), frame.format(behind))
        for frame in CODE_FRAMES[language]:
            for one, other in CODES:
                yield Pair(language, "code", frame.format(one), frame.format(other))
        persons, *frames = PERSONS[language]
        for frame in frames:
            for one, other in (pair.split() for pair in persons.split(", ")):
                yield Pair(language, "person", frame.format(one), frame.format(other))
