"""How the mail services of one country write a forward: mail.ru, Yandex, QQ, NetEase, Naver, Seznam, Libero, Orange."""

from __future__ import annotations

from html import escape

from tests.forwards.clients import link, links, listed
from tests.forwards.sample import Rendered, breaks, paragraphs, truth_of
from tests.forwards.stories import Mail, Person, quoted, who

_RU_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905 -- reads better
_RU_DAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_IT_MONTHS = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]
_WEEK = {"zh-CN": "一二三四五六日", "zh-TW": "一二三四五六日", "ko": "월화수목금토일"}


def _bare(people: tuple[Person, ...]) -> str:
    return ", ".join(person.address for person in people)


def _addresses(people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(Person("", person.address) for person in people)


def mail_ru(mail: Mail) -> Rendered:
    """mail.ru: addresses alone on To, the day's name before the date, the zone behind the time."""
    wall = mail.wall
    date = f"{_RU_DAYS[wall.weekday()]}, {wall.day} {_RU_MONTHS[wall.month - 1]} {wall.year}, {wall:%H:%M} +03:00"
    lines = [f"От: {who(mail.sender)}", f"Кому: {_bare(mail.to)}"]
    lines += [f"Копия: {_bare(mail.cc)}"] if mail.cc else []
    lines += [f"Дата: {date}", f"Тема: {mail.subject}"]
    dashes = "-------- Пересылаемое сообщение --------"
    head = "\n".join(lines)
    html = (
        f'<HTML><BODY><div>{breaks(mail.note)}</div><div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;'
        f'margin:10px;padding:0 0 0 10px;">{dashes}<br>{"<br>".join(escape(line) for line in lines)}<br>&nbsp;'
        f'<div id=""><div class="js-helper js-readmsg-msg">{paragraphs(mail.body)}</div></div></blockquote></BODY></HTML>'
    )
    truth = truth_of(mail, to=_addresses(mail.to), cc=_addresses(mail.cc))
    return Rendered(f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth)


def yandex(mail: Mail) -> Rendered:
    """Yandex: date and sender in one line, a closing line below; neither To nor subject."""
    line = f'{mail.wall:%d.%m.%Y, %H:%M}, "{mail.sender.name}" <{mail.sender.address}>:'
    dashes, end = (
        "-------- Пересылаемое сообщение --------",
        "-------- Конец пересылаемого сообщения --------",
    )
    html = (
        f"<div>{breaks(mail.note)}</div><div>&nbsp;</div><div>{dashes}</div><div>{escape(line)}</div>"
        f"<div>&nbsp;</div>{paragraphs(mail.body)}<div>&nbsp;</div><div>{end}</div>"
    )
    truth = truth_of(mail, to=(), cc=())
    return Rendered(f"{mail.note}\n\n{dashes}\n{line}\n\n{mail.body}\n\n{end}\n", html, truth)


def _half_day(mail: Mail) -> str:
    wall = mail.wall
    word = "凌晨" if wall.hour < 5 else "上午" if wall.hour < 12 else "中午" if wall.hour < 13 else "下午"
    return f"{word}{(wall.hour - 1) % 12 + 1}:{wall:%M}"


def qq(mail: Mail) -> Rendered:
    """QQ Mail: semicolons behind every person, the half of the day before the time."""
    wall = mail.wall
    date = f"{wall.year}年{wall.month}月{wall.day}日(星期{_WEEK['zh-CN'][wall.weekday()]}) {_half_day(mail)}"
    people = "".join(f'"{person.name}"<{person.address}>;' for person in mail.to)
    copies = "".join(
        f'"{person.name or person.address.split("@")[0]}"<{person.address}>;' for person in mail.cc
    )
    named = tuple(Person(person.name or person.address.split("@")[0], person.address) for person in mail.cc)
    lines = [
        f'发件人: "{mail.sender.name}" <{mail.sender.address}>;',
        f"发送时间: {date}",
        f"收件人: {people}",
    ]
    lines += [f"抄送: {copies}"] if mail.cc else []
    lines += [f"主题: {mail.subject}"]
    dashes = "------------------ 原始邮件 ------------------"
    bold = "".join(
        f"<div><b>{line.split(':')[0]}:</b>&nbsp;{escape(line.split(':', 1)[1])}</div>" for line in lines
    )
    html = (
        f'<div>{breaks(mail.note)}</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;">{dashes}'
        f'</div><div style="font-size: 12px;background:#efefef;padding:8px;">{bold}</div><div><br></div>'
        f"{paragraphs(mail.body)}"
    )
    head = "\n".join(lines)
    return Rendered(f"{mail.note}\n\n\n{dashes}\n{head}\n\n\n\n{mail.body}\n", html, truth_of(mail, cc=named))


def netease(mail: Mail) -> Rendered:
    """NetEase 163 and 126."""
    lines = [
        f"发件人：{who(mail.sender)}",
        f"发送日期：{mail.wall:%Y-%m-%d %H:%M:%S}",
        f"收件人：{listed(mail.to)}",
    ]
    lines += [f"抄送人：{listed(mail.cc)}"] if mail.cc else []
    lines += [f"主题：{mail.subject}"]
    dashes = "-------- 转发邮件信息 --------"
    head = "\n".join(lines)
    html = (
        f'<div style="line-height:1.7;color:#000000;font-size:14px"><div>{breaks(mail.note)}</div><br>'
        f'<div style="position:relative;zoom:1">{dashes}<br>'
        + "".join(f"{escape(line)} <br>" for line in lines)
        + f'</div><br><blockquote id="isReplyContent" style="PADDING-LEFT:1ex;MARGIN:0px">{paragraphs(mail.body)}'
        "</blockquote></div>"
    )
    return Rendered(f"{mail.note}\n\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth_of(mail))


def naver(mail: Mail) -> Rendered:
    """Naver: English labels, a Korean weekday in the date."""
    wall = mail.wall
    date = f"{wall:%Y-%m-%d} ({_WEEK['ko'][wall.weekday()]}) {wall:%H:%M:%S} (GMT+09:00)"
    lines = [("From", f'"{mail.sender.name}" <{mail.sender.address}>'), ("To", _semicolons(mail.to))]
    lines += [("Cc", _semicolons(mail.cc))] if mail.cc else []
    lines += [("Sent", date), ("Subject", mail.subject)]
    head = "\n".join(f"{label}: {value}" for label, value in lines)
    html = (
        f'<p>{breaks(mail.note)}</p><p style="font-size:10pt"><b>-----Original Message-----</b><br>'
        + "<br>".join(f"<b>{label}:</b> {escape(value)}" for label, value in lines)
        + f"</p><div>{paragraphs(mail.body, 'p')}</div>"
    )
    text = f"{mail.note}\n\n-----Original Message-----\n{head}\n\n{mail.body}\n"
    return Rendered(text, html, truth_of(mail))


def _semicolons(people: tuple[Person, ...]) -> str:
    return " ".join(
        f'"{person.name}" <{person.address}>;' if person.name else f"<{person.address}>;" for person in people
    )


def seznam(mail: Mail) -> Rendered:
    """Seznam: addresses alone on Komu."""
    wall = mail.wall
    lines = [f"Od: {who(mail.sender)}", f"Komu: {_bare(mail.to)}"]
    lines += [f"Kopie: {_bare(mail.cc)}"] if mail.cc else []
    lines += [
        f"Datum: {wall.day}. {wall.month}. {wall.year} {wall.hour}:{wall:%M:%S}",
        f"Předmět: {mail.subject}",
    ]
    dashes = "---------- Původní e-mail ----------"
    html = (
        f"<html><body>{breaks(mail.note)}<br><br><aside>{dashes}<br>{'<br>'.join(escape(line) for line in lines)}"
        f'</aside><br><blockquote data-email="{mail.sender.address}">{paragraphs(mail.body)}</blockquote></body></html>'
    )
    head = "\n".join(lines)
    truth = truth_of(mail, to=_addresses(mail.to), cc=_addresses(mail.cc))
    return Rendered(f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth)


def libero(mail: Mail) -> Rendered:
    """Libero: the month in words, a point between hours and minutes."""
    wall = mail.wall
    date = f"{wall.day:02} {_IT_MONTHS[wall.month - 1]} {wall.year} alle {wall:%H.%M}"
    lines = [f"Da: {who(mail.sender)}", f"A: {_bare(mail.to)}"]
    lines += [f"Cc: {_bare(mail.cc)}"] if mail.cc else []
    lines += [f"Data: {date}", f"Oggetto: {mail.subject}"]
    dashes = "---------- Messaggio originale ----------"
    html = (
        f'<html><body><div>{breaks(mail.note)}</div><blockquote type="cite">{dashes}<br>'
        f"{'<br>'.join(escape(line) for line in lines)}<br><br>{paragraphs(mail.body)}</blockquote></body></html>"
    )
    head = "\n".join(lines)
    truth = truth_of(mail, to=_addresses(mail.to), cc=_addresses(mail.cc))
    return Rendered(f"{mail.note}\n\n{dashes}\n{head}\n\n{mail.body}\n", html, truth)


def orange(mail: Mail) -> Rendered:
    """Orange: the date in the first line, all of it quoted, A without its accent."""
    lines = [f"Message du {mail.wall:%d/%m/%y %H:%M}", f'De : "{mail.sender.name}" <{mail.sender.address}>']
    lines += [f"A : {_bare(mail.to)}", f"Copie à : {_bare(mail.cc)}", f"Objet : {mail.subject}", ""]
    html = (
        f'<div>{breaks(mail.note)}</div><blockquote style="padding-left: 5px; border-left: 2px solid #000000">'
        f"&gt; {'<br>&gt; '.join(escape(line) for line in lines)}<br>{paragraphs(mail.body)}</blockquote>"
    )
    text = f"{mail.note}\n\n\n\n{quoted(chr(10).join([*lines, *mail.body.split(chr(10))]))}\n"
    truth = truth_of(mail, to=_addresses(mail.to), cc=_addresses(mail.cc))
    return Rendered(text, html, truth)


def t_online(mail: Mail) -> Rendered:
    """T-Online: a block without any line above it but "-----Original-Nachricht-----"."""
    wall = mail.wall
    lines = [
        ("Betreff", escape(mail.subject)),
        ("Datum", f"{wall:%Y-%m-%dT%H:%M:%S}+0100"),
        ("Von", link(mail.sender)),
    ]
    lines += [("An", links(mail.to))] + ([("Cc", links(mail.cc))] if mail.cc else [])
    shown = [
        ("Betreff", mail.subject),
        ("Datum", lines[1][1]),
        ("Von", who(mail.sender)),
        ("An", listed(mail.to)),
    ]
    shown += [("Cc", listed(mail.cc))] if mail.cc else []
    head = "\n".join(f"{label}: {value}" for label, value in shown)
    html = (
        f"<div>{breaks(mail.note)}</div><br>-----Original-Nachricht-----<br>"
        f"{'<br>'.join(f'{label}: {value}' for label, value in lines)}<br><br>{paragraphs(mail.body)}"
    )
    return Rendered(
        f"{mail.note}\n\n-----Original-Nachricht-----\n{head}\n\n{mail.body}\n", html, truth_of(mail)
    )


SERVICES = {
    "mail_ru": (mail_ru, ("ru",)),
    "yandex": (yandex, ("ru",)),
    "qq": (qq, ("zh-CN",)),
    "netease": (netease, ("zh-CN",)),
    "naver": (naver, ("ko",)),
    "seznam": (seznam, ("cs",)),
    "libero": (libero, ("it",)),
    "orange": (orange, ("fr",)),
    "t_online": (t_online, ("de",)),
}
