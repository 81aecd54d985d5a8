"""The words that the makes show in a dozen languages, and their dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class Words(NamedTuple):
    """From, Sent, Date, To, Cc, Subject of Outlook; the colon; and what stands above a forward in Gmail, Apple and others."""

    sender: str
    sent: str
    date: str
    to: str
    cc: str
    subject: str
    gmail: str
    apple: str
    original: str
    prefix: str
    reply: str
    wrote: str
    colon: str = ":"


WORDS = {
    "en": Words("From", "Sent", "Date", "To", "Cc", "Subject", "Forwarded message", "Begin forwarded message:", "Original Message", "Fwd", "Re", "On {date}, {who} wrote:"),
    "de": Words("Von", "Gesendet", "Datum", "An", "Cc", "Betreff", "Forwarded message", "Anfang der weitergeleiteten Nachricht:", "Ursprüngliche Nachricht", "WG", "AW", "Am {date} schrieb {who}:"),
    "fr": Words("De", "Envoyé", "Date", "À", "Cc", "Objet", "Forwarded message", "Début du message transféré :", "Message d'origine", "TR", "RE", "Le {date}, {who} a écrit :", " :"),
    "es": Words("De", "Enviado", "Fecha", "Para", "CC", "Asunto", "Forwarded message", "Inicio del mensaje reenviado:", "Mensaje original", "RV", "RE", "El {date}, {who} escribió:"),
    "it": Words("Da", "Inviato", "Data", "A", "Cc", "Oggetto", "Forwarded message", "Inizio messaggio inoltrato:", "Messaggio originale", "I", "R", "Il giorno {date} {who} ha scritto:"),
    "pt": Words("De", "Enviado", "Data", "Para", "Cc", "Assunto", "Forwarded message", "Início da mensagem encaminhada:", "Mensagem original", "ENC", "RES", "Em {date}, {who} escreveu:"),
    "nl": Words("Van", "Verzonden", "Datum", "Aan", "CC", "Onderwerp", "Forwarded message", "Begin doorgestuurd bericht:", "Oorspronkelijk bericht", "FW", "RE", "Op {date} schreef {who}:"),
    "pl": Words("Od", "Wysłano", "Data", "Do", "DW", "Temat", "Forwarded message", "Początek przekazywanej wiadomości:", "Oryginalna wiadomość", "PD", "Odp", "{date} {who} napisał(a):"),
    "sv": Words("Från", "Skickat", "Datum", "Till", "Kopia", "Ämne", "Forwarded message", "Vidarebefordrat brev:", "Ursprungligt meddelande", "VB", "SV", "{date} skrev {who}:"),
    "ru": Words("От", "Отправлено", "Дата", "Кому", "Копия", "Тема", "Forwarded message", "Начало переадресованного сообщения:", "Исходное сообщение", "FW", "RE", "{date} {who} написал(а):"),
    "ja": Words("差出人", "送信日時", "日付", "宛先", "CC", "件名", "Forwarded message", "転送されたメッセージ:", "元のメッセージ", "FW", "RE", "{date}、{who}のメール:", ": "),
    "zh": Words("发件人", "发送时间", "日期", "收件人", "抄送", "主题", "Forwarded message", "以下是转发的邮件：", "原始邮件", "转发", "答复", "{who} 于{date}写道：", ": "),
}  # fmt: skip
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


def _day(when: datetime, language: str) -> str:
    return _DAYS[language].split()[when.weekday()]


def _month(when: datetime, language: str) -> str:
    return _MONTHS[language].split()[when.month - 1]


def _clock(when: datetime, *, seconds: bool = False) -> str:
    """Twelve hours, as Americans write."""
    half = "AM" if when.hour < 12 else "PM"
    return f"{when.hour % 12 or 12}:{when:%M}{when.strftime(':%S') if seconds else ''} {half}"


def long_date(when: datetime, language: str) -> str:
    """As Outlook shows it."""
    if language == "en":
        return f"{_day(when, 'en')}, {_month(when, 'en')} {when.day}, {when.year} {_clock(when)}"
    if language == "ja":
        return f"{when.year}年{when.month}月{when.day}日 {'月火水木金土日'[when.weekday()]}曜日 {when:%H:%M}"
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"
    day, month = _day(when, language), _month(when, language)
    return {
        "de": f"{day}, {when.day}. {month} {when.year} {when:%H:%M}",
        "fr": f"{day} {when.day} {month} {when.year} {when:%H:%M}",
        "es": f"{day}, {when.day} de {month} de {when.year} {when:%H:%M}",
        "it": f"{day} {when.day} {month} {when.year} {when:%H:%M}",
        "pt": f"{day}, {when.day} de {month} de {when.year} {when:%H:%M}",
        "nl": f"{day} {when.day} {month} {when.year} {when:%H:%M}",
        "pl": f"{day}, {when.day} {month} {when.year} {when:%H:%M}",
        "sv": f"den {when.day} {month} {when.year} {when:%H:%M}",
        "ru": f"{day}, {when.day} {month} {when.year} г. {when:%H:%M}",
    }[language]


def at_date(when: datetime, language: str) -> str:
    """As Outlook for Mac and the new Outlook show it."""
    if language == "en":
        return f"{_day(when, 'en')}, {_month(when, 'en')} {when.day}, {when.year} at {_clock(when)}"
    joint = {"de": " um", "fr": " à", "es": ",", "it": " alle", "pt": " às", "nl": " om", "sv": " kl."}
    long = long_date(when, language)
    return f"{long[:-6]}{joint.get(language, '')}{long[-6:]}"


def short_date(when: datetime, language: str) -> str:
    """As Gmail shows it."""
    if language == "en":
        return f"{_day(when, 'en')[:3]}, {_month(when, 'en')[:3]} {when.day}, {when.year} at {_clock(when)}"
    if language in {"ja", "zh"}:
        return f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"
    if language == "de":
        return (
            f"{_day(when, 'de')[:2]}., {when.day}. {_month(when, 'de')[:3]}. {when.year} um {when:%H:%M} Uhr"
        )
    return at_date(when, language)


def apple_date(when: datetime, language: str) -> str:
    """As Apple's programs show it."""
    if language == "en":
        return f"{_month(when, 'en')} {when.day}, {when.year} at {_clock(when, seconds=True)} GMT+1"
    if language in {"ja", "zh"}:
        return f"{when.year}年{when.month}月{when.day}日 {when:%H:%M:%S} JST"
    if language == "de":
        return f"{when.day}. {_month(when, 'de')} {when.year} um {when:%H:%M:%S} MEZ"
    joint = {"fr": " à", "es": ",", "it": " alle", "pt": " às", "nl": " om", "sv": " kl."}.get(language, ",")
    of = " de" if language in {"es", "pt"} else ""
    return f"{when.day}{of} {_month(when, language)}{of} {when.year}{joint} {when:%H:%M:%S} CET"


def rfc_date(when: datetime) -> str:
    """As a header has it."""
    return f"{_day(when, 'en')[:3]}, {when.day:02} {_month(when, 'en')[:3]} {when:%Y %H:%M:%S} +0100"


def english(when: datetime, form: str) -> str:
    """With {day}, {mon}, {month}, {clock} and the like filled in, in English."""
    return form.format(
        day=_day(when, "en"), d3=_day(when, "en")[:3], month=_month(when, "en"), m3=_month(when, "en")[:3], d=when.day, y=when.year,
        clock=_clock(when), clock3=_clock(when, seconds=True), w=when, m=when.month, y2=when.year % 100,
    )  # fmt: skip
