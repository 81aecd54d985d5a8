"""The makes of webmail and of telephones."""

from __future__ import annotations

from html import escape

from tests.forwards.desk.cast import Story, lines
from tests.forwards.desk.parts import (
    Made,
    above,
    block,
    bold,
    each,
    english_rows,
    safe,
    shown,
    shown_as,
    unbold,
)
from tests.forwards.desk.words import WORDS, english, long_date, rfc_date


def yahoo(s: Story) -> Made:
    date = english(s.when, "{day}, {month} {d}, {y} at {w:%I:%M:%S %p} GMT+1")
    found = english_rows(s, "From To Cc Sent Subject", date)
    body = "".join(f"<div><b>{label}</b> {safe(value)}</div>" for label, value in found)
    html = f'<div class="ydp5d8b yahoo-style-wrap" style="font-family:Helvetica;">{lines(s.note, "div", " dir=ltr data-setdir=false")}<div><br></div></div><div id="ydp1a2byahoo_quoted_0123" class="ydp1a2byahoo_quoted yahoo_quoted"><div style="font-family:Helvetica;font-size:13px;color:#26282a;"><div>----- Forwarded message -----</div>{body}<div><br></div><div><div id="yiv123"><div>{s.html("p")}</div></div></div></div></div>'
    return Made(f"{above(s.note)}----- Forwarded message -----\n{block(found)}\n\n{s.text}", html)


def aol(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Sent Subject",
        english(s.when, "{d3}, {m3} {d}, {y} {w:%I:%M} {w:%p}").replace("AM", "am").replace("PM", "pm"),
        "; ",
    )
    html = f'{lines(s.note)}<div style="font-family:arial,helvetica;font-size:10pt;color:black">-----Original Message-----<br>{unbold(found)}<br><br><div id="yiv">{s.html("div")}</div></div>'
    return Made(f"{above(s.note)}-----Original Message-----\n{block(found)}\n\n{s.text}", html)


def zoho(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Date Subject",
        rfc_date(s.when),
        ",",
        lambda who: shown(who, '"{name}"<{address}>', "<{address}>"),
    )
    mark = "============ Forwarded message ============"
    html = f'<!DOCTYPE html><html><body><div style="font-family: Verdana, Arial; font-size: 10pt;">{lines(s.note)}<div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204); height: 0px;"><br></div><div class="zmail_extra" data-zbluepencil-ignore="true"><div><br></div>{mark}<br>{unbold(found)}<br>{mark}<br><br>{s.breaks()}</div></div></body></html>'
    return Made(f"{above(s.note)}{mark}\n{block(found)}\n{mark}\n\n{s.text}", html)


def proton(s: Story) -> Made:
    found = english_rows(
        s,
        "From Date Subject To CC",
        english(s.when, "On {day}, {month} {d}{{th}}, {y} at {clock}").format(
            th="th"
            if s.when.day not in {2, 22, 1, 21, 3, 23}
            else {1: "st", 2: "nd", 3: "rd"}[s.when.day % 10]
        ),
    )
    html = f'<div style="font-family: Arial; font-size: 14px;">{lines(s.note)}</div><div class="protonmail_signature_block protonmail_signature_block-empty"></div><div class="protonmail_quote">------- Forwarded Message -------<br>{unbold(found)}<br><br><blockquote class="protonmail_quote" type="cite">{s.html("div")}</blockquote><br></div>'
    quoted = "\n".join(f"> {line}".rstrip() for line in s.text.split("\n"))
    return Made(f"{above(s.note)}------- Forwarded Message -------\n{block(found)}\n\n{quoted}", html)


def roundcube(s: Story) -> Made:
    found = english_rows(s, "Subject Date From To Cc", f"{s.when:%Y-%m-%d %H:%M}")
    table = "".join(
        f'<tr><th align="right" valign="baseline" nowrap="nowrap">{label}</th><td>{safe(value)}</td></tr>'
        for label, value in found
    )
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" /></head><body style="font-size: 10pt">{lines(s.note, "p") if s.note else ""}<p>-------- Original Message --------</p><table border="0" cellspacing="0" cellpadding="0"><tbody>{table}</tbody></table><div class="pre">{s.breaks()}</div></body></html>'
    return Made(f"{above(s.note)}-------- Original Message --------\n{block(found)}\n\n{s.text}", html)


def zimbra(s: Story) -> Made:
    found = english_rows(
        s,
        "From To Cc Sent Subject",
        english(s.when, "{day}, {month} {d}, {y} {clock3}"),
        show=lambda who: shown(who, '"{name}" <{address}>'),
    )
    html = f'<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt">{lines(s.note)}<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{bold(found, "<br>", "", "b").replace("</b>", " </b>")}<br></div><br><div data-marker="__QUOTED_TEXT__">{s.html("p")}</div></div></body></html>'
    return Made(f"{above(s.note)}----- Forwarded Message -----\n{block(found)}\n\n{s.text}", html)


def samsung(s: Story) -> Made:
    found = english_rows(
        s, "From Date To Cc Subject", english(s.when, "{m}/{d}/{y2:02}  {clock}  (GMT+01:00)")
    )
    head = "".join(f"<div>{label} {safe(value)} </div>" for label, value in found)
    html = f'<html><head></head><body dir="auto">{lines(s.note, "div", " dir=auto") if s.note else ""}<div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div><div dir="auto"><br></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- Original message --------</div>{head}<div><br></div></div>{s.html("div")}</body></html>'
    return Made(
        f"{above(s.note)}Sent from my Galaxy\n\n\n-------- Original message --------\n{block(found)}\n\n{s.text}",
        html,
        frozenset(),
        "Sent from my Galaxy",
    )


def gmx(s: Story) -> Made:
    w = WORDS["de"]
    date = f"{long_date(s.when, 'de')[:-6].replace(f', {s.when.day}.', f', {s.when.day:02}.')} um {s.when:%H:%M} Uhr"
    people = shown_as('"{name}" <{address}>')
    found = [(f"{w.sent}:", date), (f"{w.sender}:", people(s.sender)), (f"{w.to}:", each(s.to, people))]
    found += [("Cc:", each(s.cc, people))] * bool(s.cc)
    found += [(f"{w.subject}:", s.subject)]
    html = f'<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;">{lines(s.note)}<div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;"><div style="margin:0 0 10px 0;">{bold(found, "<br/>", "&nbsp;")}</div><div name="quoted-content">{s.html("div")}</div></div></div></div></body></html>'
    return Made("", html)


def open_xchange(s: Story) -> Made:
    w = WORDS["de"]
    found = [(f"{w.sender}:", shown(s.sender)), (f"{w.to}:", each(s.to))] + [("Cc:", each(s.cc))] * bool(s.cc)
    found += [(f"{w.date}:", f"{s.when:%d.%m.%Y %H:%M} CET"), (f"{w.subject}:", s.subject)]
    head = "".join(f"<div>{label} {safe(value)}</div>" for label, value in found)
    html = f'<!DOCTYPE html><html><head><meta charset="UTF-8"></head><body>{lines(s.note, "div", " class=default-style") if s.note else ""}<blockquote type="cite"><div>---------- Ursprüngliche Nachricht ----------</div>{head}<div><br></div>{s.html("div")}</blockquote></body></html>'
    quoted = "\n".join(
        f"> {line}".rstrip()
        for line in f"---------- Ursprüngliche Nachricht ----------\n{block(found)}\n\n{s.text}".split("\n")
    )
    return Made(f"{above(s.note)}{quoted}", html)


def mail_ru(s: Story) -> Made:
    date = long_date(s.when, "ru").replace(" г.", ",").capitalize() + " +03:00"
    found = (
        [("От:", shown(s.sender)), ("Кому:", each(s.to))]
        + [("Копия:", each(s.cc))] * bool(s.cc)
        + [("Дата:", date), ("Тема:", s.subject)]
    )
    html = f'<HTML><BODY>{lines(s.note)}<div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">-------- Пересылаемое сообщение --------<br>{unbold(found)}<br>&nbsp;<div>{s.html("div")}</div></blockquote></BODY></HTML>'
    return Made(f"{above(s.note)}-------- Пересылаемое сообщение --------\n{block(found)}\n \n{s.text}", html)


def yandex(s: Story) -> Made:
    head = f"{s.when:%d.%m.%Y, %H:%M}, {shown(s.sender, chr(34) + '{name}' + chr(34) + ' <{address}>')}:"
    start, end = "-------- Пересылаемое сообщение --------", "-------- Конец пересылаемого сообщения --------"
    html = f"{lines(s.note)}<div>&nbsp;</div><div>{start}</div><div>{escape(head, quote=False)}</div><div>&nbsp;</div>{s.html('div')}<div>{end}</div>"
    return Made(f"{above(s.note)}{start}\n{head}\n\n{s.text}\n\n{end}", html, frozenset({"to", "cc"}))


def qq(s: Story) -> Made:
    people = shown_as('"{name}"<{address}>', "{address}")
    date = f"{s.when.year}年{s.when.month}月{s.when.day}日(星期{'一二三四五六日'[s.when.weekday()]}) {'上午' if s.when.hour < 12 else '下午'}{s.when.hour % 12 or 12}:{s.when:%M}"
    found = [
        ("发件人:", people(s.sender) + ";"),
        ("发送时间:", date),
        ("收件人:", each(s.to, people, ";") + ";"),
    ]
    found += [("抄送:", each(s.cc, people, ";") + ";")] * bool(s.cc) + [("主题:", s.subject)]
    head = "".join(f"<div><b>{label}</b>&nbsp;{safe(value)}</div>" for label, value in found)
    html = f'<div>{lines(s.note)}</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;">{head}</div><div><br></div>{s.html("div")}'
    return Made(
        f"{above(s.note)}------------------ 原始邮件 ------------------\n{block(found)}\n\n{s.text}", html
    )


def netease(s: Story) -> Made:
    people = shown_as('"{name}" <{address}>', "{address}")
    found = [
        ("发件人：", people(s.sender)),
        ("发送日期：", f"{s.when:%Y-%m-%d %H:%M:%S}"),
        ("收件人：", each(s.to, people, ",")),
    ]
    found += [("抄送人：", each(s.cc, people, ","))] * bool(s.cc) + [("主题：", s.subject)]
    html = f'<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">{lines(s.note)}<br/><br/><div class="isForwardContent">-------- 转发邮件信息 --------<br/>{unbold(found, "<br/>")}<br/>{s.html("div")}</div></div>'
    return Made(f"{above(s.note)}-------- 转发邮件信息 --------\n{block(found)}\n\n{s.text}", html)


def naver(s: Story) -> Made:
    people = shown_as('"{name}"<{address}>', "<{address}>")
    date = f"{s.when:%Y-%m-%d} ({'월화수목금토일'[s.when.weekday()]}) {s.when:%H:%M:%S} (GMT+09:00)"
    found = english_rows(s, "From To Cc Sent Subject", date, "; ", people)
    html = f'<html><body><div style="font-size:10pt; font-family:Gulim;">{lines(s.note, "p") if s.note else ""}<p>-----Original Message-----<br><b>From:</b> {bold(found)[len("<b>From:</b> ") :]}<br><br></p>{s.html("p")}</div></body></html>'
    return Made(f"{above(s.note)}-----Original Message-----\n{block(found)}\n\n{s.text}", html)
