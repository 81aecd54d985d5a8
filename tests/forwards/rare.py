"""Forwards of clients and services that few use, told by templates: what stands in braces comes from the story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.forwards.clients import listed
from tests.forwards.sample import Sample, outer, part, truth_of
from tests.forwards.stories import Mail, Person, languages, quoted, story, who

if TYPE_CHECKING:
    from collections.abc import Iterator

# Name, language, template.
TEMPLATES = (
    ("alpine", "en", "{note}\n\n---------- Forwarded message ----------\nDate: {rfc}\nFrom: {from_}\nTo: {to}\nCc: {cc}\nSubject: {subject}\n\n{body}"),
    ("gnus", "en", "{note}\n\n-------------------- Start of forwarded message --------------------\nFrom: {from_}\nSubject: {subject}\nDate: {rfc}\n\n{body}\n-------------------- End of forwarded message --------------------"),
    ("pegasus", "en", "{note}\n\n------- Forwarded message follows -------\nFrom:           \t{from_}\nTo:             \t{to}\nSubject:        \t{subject}\nDate sent:      \t{rfc}\n\n{body}\n------- End of forwarded message -------"),
    ("eudora", "en", "{note}\n\n>Date: {rfc}\n>From: {from_}\n>To: {to}\n>Cc: {cc}\n>Subject: {subject}\n>\n{quoted_tight}"),
    ("aol", "en", "{note}\n\n\n-----Original Message-----\nFrom: {from_}\nTo: {to}\nCc: {cc}\nSent: {wall:%a, %b %d, %Y %I:%M %p}\nSubject: {subject}\n\n{body}"),
    ("blackberry", "en", "{note}\n\n----- Original Message -----\nFrom: {name} [mailto:{addr}]\nSent: {wall:%A, %B %d, %Y %I:%M %p}\nTo: {to_names}\nSubject: {subject}\n\n{body}"),
    ("windows_mail", "en", "{note}\n\nSent from Mail for Windows\n\nFrom: {name}<mailto:{addr}>\nSent: {full}\nTo: {to_mailto}\nCc: {cc_mailto}\nSubject: {subject}\n\n{body}"),
    ("live_mail", "en", "{note}\n\nFrom: {name} \nSent: {full}\nTo: {to_bare} \nCc: {cc_bare} \nSubject: {subject}\n\n{body}"),
    ("spark", "en", "{note}\n\n---------- Forwarded message ----------\nFrom: {from_}\nDate: {wall:%d %b %Y at %H:%M +0100}\nTo: {to}\nCc: {cc}\nSubject: {subject}\n\n{quoted}"),
    ("airmail", "de", "{note}\n\nAnfang der weitergeleiteten Nachricht:\n\nVon:\t{from_}\nBetreff:\t{subject}\nDatum:\t{long}\nAn:\t{to}\nKopie:\t{cc}\n\n{body}"),
    ("aqua", "en", "{note}\n\n--- Forwarded message ---\nFrom: {from_}\nDate: {wall:%B %d, %Y %H:%M:%S}\nSubject: {subject}\nTo: {to}\nCC: {cc}\n\n{body}"),
    ("k9", "en", "{note}\n\n-------- Original Message --------\nFrom: {from_}\nSent: {wall:%B %d, %Y %I:%M:%S %p} GMT+01:00\nTo: {to}\nCc: {cc}\nSubject: {subject}\n\n{body}"),
    ("fastmail", "en", "{note}\n\n----- Original message -----\nFrom: {from_}\nTo: {to}\nCc: {cc}\nSubject: {subject}\nDate: {wall:%A, %B %d, %Y} {wall:%I:%M %p}\n\n{body}"),
    ("missive", "en", "{note}\n\n----------- Forwarded message -----------\nFrom: {from_}\nDate: {wall:%B %d, %Y at %I:%M%p}\nSubject: {subject}\nTo: {to}\n\n{body}"),
    ("tutanota", "en", "{note}\n\n--\nSent with Tuta.\n\nFrom: {addr}\nTo: {to_bare}\nCC: {cc_bare}\nSent: {wall:%b %d, %Y, %H:%M}\nSubject: {subject}\n\n{quoted}"),
    ("windows_10_de", "de", "{note}\n\nGesendet von Mail für Windows 10\n\nVon: {name}<mailto:{addr}>\nGesendet: {full}\nAn: {to_mailto}\nCc: {cc_mailto}\nBetreff: {subject}\n\n{body}"),
    ("freenet", "de", "{note}\n\n----- Original Nachricht -----\nVon: {from_}\nAn: {to_bare}\nCC: {cc_bare}\nDatum: {wall:%d.%m.%Y %H:%M}\nBetreff: {subject}\n\n{body}"),
    ("webde_new", "de", "{note}\n\n\nGesendet: {gmail_full} Uhr\nVon: {name} <{addr}>\nAn: {to_bare}\nCC: {cc_bare}\nBetreff: {subject}\n\n{body}"),
    ("posteo", "de", "{note}\n\n-------- Originalnachricht --------\nBetreff: {subject}\nDatum: {wall:%d.%m.%Y %H:%M}\nVon: {from_}\nAn: {to}\nKopie: {cc}\n\n{body}"),
    ("groupwise", "de", "{note}\n\n>>> {from_} {wall:%d.%m.%Y %H:%M} >>>\n{body}"),
    ("sfr", "fr", "{note}\n\n========================================\n\nMessage du : {wall:%d/%m/%Y %H:%M}\nDe : {fromq}\nA : {to_bare}\nCopie à : {cc_bare}\nSujet : {subject}\n\n{body}"),
    ("laposte", "fr", "{note}\n\n> De : {fromq}\n> À : {to_bare}\n> Cc : {cc_bare}\n> Envoyé : {gmail}\n> Objet : {subject}\n>\n{quoted}"),
    ("roundcube_fr", "fr", "{note}\n\n-------- Message original --------\nObjet: {subject}\nDate: {wall:%d-%m-%Y %H:%M}\nDe: {from_}\nÀ: {to}\nCc: {cc}\n\n{body}"),
    ("tiscali", "it", "{note}\n\n----Messaggio originale----\nDa: {addr}\nData: {wall:%d/%m/%Y} {wall:%H.%M}\nA: {to_bare}\nCc: {cc_bare}\nOgg: {subject}\n\n{body}"),
    ("aruba", "it", "{note}\n\n----- Original Message -----\nDa : {fromq}\nA : {to}\nCc : {cc}\nData : {rfc}\nOggetto : {subject}\n\n{body}"),
    ("uol", "pt-BR", "{note}\n\n\nDe: {fromq}\nEnviada: {wall:%Y/%m/%d %H:%M:%S}\nPara: {to_bare}\nCc: {cc_bare}\nAssunto: {subject}\n\n{body}"),
    ("bol", "pt-BR", "{note}\n\n---------- Mensagem encaminhada ----------\nDe: {from_}\nData: {wall:%d de} {month} {wall:%Y %H:%M}\nAssunto: {subject}\nPara: {to}\nCc: {cc}\n\n{body}"),
    ("movistar", "es", "{note}\n\n----- Mensaje original -----\nDe: {fromq}\nPara: {to}\nCC: {cc}\nEnviados: {full}\nAsunto: {subject}\n\n{body}"),
    ("hotmail_old", "es", "{note}\n\n________________________________________\nFrom: {addr}\nTo: {to_bare}\nSubject: {subject}\nDate: {rfc}\n\n{body}"),
    ("centrum", "cs", "{note}\n\n______________________________________________________________\n> Od: {fromq}\n> Komu: {to_bare}\n> CC: {cc_bare}\n> Datum: {wall:%d.%m.%Y %H:%M}\n> Předmět: {subject}\n>\n{quoted}"),
    ("azet", "sk", "{note}\n\n-----Pôvodná správa-----\nOd: {from_}\nPre: {to_bare}\nKópia: {cc_bare}\nDátum: {wall:%d.%m.%Y %H:%M:%S}\nPredmet: {subject}\n\n{body}"),
    ("wp", "pl", "{note}\n\nDnia {wall:%d} {month} {wall:%Y %H:%M} {from_} napisał(a):\n\n{quoted}"),
    ("onet", "pl", "{note}\n\nW dniu {wall:%Y-%m-%d %H:%M:%S} użytkownik {from_} napisał:\n\n{quoted}"),
    ("o2", "pl", "{note}\n\n---------- Wiadomość przekazana dalej ----------\nOd: {from_}\nDo: {to_bare}\nDW: {cc_bare}\nData: {wall:%d.%m.%Y %H:%M}\nTemat: {subject}\n\n{body}"),
    ("abv", "bg", '{note}\n\n-------- Оригинално писмо --------\nОт: "{name}" {addr}\nОтносно: {subject}\nДо: {to_bare}\nКопие до: {cc_bare}\nИзпратено на: {wall:%d.%m.%Y %H:%M}\n\n{body}'),
    ("ukr_net", "uk", "{note}\n\n--- Оригінальне повідомлення ---\nВід кого: {fromq}\nКому: {to_bare}\nКопія: {cc_bare}\nТема: {subject}\nДата: {wall:%d} {month} {wall:%Y, %H:%M:%S}\n\n{body}"),
    ("rambler", "ru", "{note}\n\n--- Исходное сообщение ---\nОт кого: {fromq}\nКому: {to_bare}\nКопия: {cc_bare}\nДата: {wall:%d.%m.%Y, %H:%M}\nТема: {subject}\n\n{body}"),
    ("freemail_hu", "hu", "{note}\n\n----- Továbbított levél -----\nFeladó: {from_}\nDátum: {wall:%Y.%m.%d. %H:%M}\nCímzett: {to_bare}\nMásolat: {cc_bare}\nTárgy: {subject}\n\n{body}"),
    ("inbox_lv", "lv", "{note}\n\n------ Pārsūtīta vēstule ------\nSūtītājs: {from_}\nSaņēmējs: {to_bare}\nKopija: {cc_bare}\nDatums: {wall:%d.%m.%Y %H:%M}\nTemats: {subject}\n\n{body}"),
    ("sina", "zh-CN", "{note}\n\n----- 原始邮件 -----\n发件人：{from_}\n收件人：{to_bare}\n抄送人：{cc_bare}\n主题：{subject}\n日期：{wall:%Y年%m月%d日} {wall:%H点%M分}\n\n{body}"),
    ("foxmail", "zh-CN", "{note}\n\n \n发件人： {name}<mailto:{addr}>\n发送时间： {wall:%Y-%m-%d} {wall:%H:%M}\n收件人： {to_names}\n主题： {subject}\n\n{body}"),
    ("aliyun", "zh-CN", "{note}\n\n------------------------------------------------------------------\n发件人：{from_}\n发送时间：{wall:%Y年%m月%d日}(星期一) {wall:%H:%M}\n收件人：{to}\n抄　送：{cc}\n主　题：{subject}\n\n{body}"),
    ("yahoo_jp", "ja", "{note}\n\n----- Original Message -----\nFrom: {from_}\nTo: {to}\nCc: {cc}\nDate: {wall:%Y/%m/%d, %a %H:%M}\nSubject: {subject}\n\n{body}"),
    ("becky", "ja", "{note}\n\nForwarded by {owner}\n----------------------- Original Message -----------------------\n From:    {from_}\n To:      {to}\n Cc:      {cc}\n Date:    {rfc}\n Subject: {subject}\n----\n\n{body}\n\n--------------------- Original Message Ends --------------------"),
    ("docomo", "ja", "{note}\n\n---転送メール---\n送信者：{name} <{addr}>\n宛先：{to_bare}\nCC：{cc_bare}\n日時：{wall:%Y/%m/%d %H:%M}\n件名：{subject}\n\n{body}"),
    ("daum", "ko", "{note}\n\n--------- 원본 메일 ---------\n보낸이: {fromq}\n받는이 : {to}\n참조 : {cc}\n날짜: {wall:%Y년 %m월 %d일} {wall:%H시 %M분}\n제목: {subject}\n\n{body}"),
    ("hinet", "zh-TW", "{note}\n\n-----原始郵件-----\n寄件人: {fromq}\n收件人: {to}\n副本: {cc}\n日期: {wall:%Y/%m/%d %H:%M:%S}\n主旨: {subject}\n\n{body}"),
    ("walla", "he", "{note}\n\n-----הודעה מקורית-----\nמאת: {from_}\nנשלח: {wall:%d/%m/%Y %H:%M}\nאל: {to}\nעותק: {cc}\nנושא: {subject}\n\n{body}"),
    ("mynet", "tr", "{note}\n\n-----Orijinal Mesaj-----\nGönderen: {from_}\nGönderme Tarihi: {full}\nAlıcı: {to}\nKopya: {cc}\nKonu: {subject}\n\n{body}"),
    ("telenet", "nl", "{note}\n\n----- Oorspronkelijk bericht -----\nAfzender: {fromq}\nOntvanger: {to}\nCC: {cc}\nVerzonden: {full}\nOnderwerp: {subject}\n\n{body}"),
    ("spray", "sv", "{note}\n\n----- Ursprungligt meddelande -----\nAvsändare: {from_}\nMottagare: {to}\nKopia: {cc}\nDatum: {wall:%Y-%m-%d %H:%M}\nÄrende: {subject}\n\n{body}"),
    ("outlook_da", "da", "{note}\n\n-----Oprindelig meddelelse-----\nFra: {name} [mailto:{addr}] \nSendt: {full}\nTil: {to}\nCc: {cc}\nEmne: {subject}\n\n{body}"),
    ("online_no", "nb", "{note}\n\n----- Opprinnelig melding -----\nAvsender: {from_}\nMottaker: {to}\nKopi til: {cc}\nSendt: {wall:%d.%m.%Y kl. %H:%M}\nEmne: {subject}\n\n{body}"),
    ("luukku", "fi", "{note}\n\n----- Alkuperäinen viesti -----\nLähettäjä: {from_}\nPäivämäärä: {wall:%d.%m.%Y klo %H.%M}\nSaaja: {to}\nKopiot: {cc}\nOtsikko: {subject}\n\n{body}"),
    ("in_gr", "el", "{note}\n\n----- Προωθημένο μήνυμα -----\nΑποστολέας: {from_}\nΠαραλήπτης: {to}\nΚοινοποίηση: {cc}\nΗμερομηνία: {wall:%d/%m/%Y %H:%M}\nΘέμα: {subject}\n\n{body}"),
    ("yahoo_ro", "ro", "{note}\n\n----- Mesaj redirecţionat -----\nDe la: {fromq}\nCătre: {to}\nCc: {cc}\nTrimis: {yahoo}\nSubiect: {subject}\n\n{body}"),
    ("net_hr", "hr", "{note}\n\n----- Originalna poruka -----\nOd: {from_}\nPrimatelj: {to}\nCC: {cc}\nPoslano: {wall:%d.%m.%Y. %H:%M}\nNaslov: {subject}\n\n{body}"),
    ("siol", "sl", "{note}\n\n----- Izvorno sporočilo -----\nPošiljatelj: {from_}\nPrejemnik: {to}\nKopija: {cc}\nDatum: {wall:%d. %m. %Y %H:%M}\nZadeva: {subject}\n\n{body}"),
    ("viettel", "vi", "{note}\n\n----- Thư gốc -----\nNgười gửi: {from_}\nGửi lúc: {wall:%H:%M %d/%m/%Y}\nNgười nhận: {to}\nĐồng gửi: {cc}\nTiêu đề: {subject}\n\n{body}"),
    ("maktoob", "ar", "{note}\n\n----- الرسالة المحولة -----\nالمرسل: {from_}\nالمستلم: {to}\nنسخة إلى: {cc}\nأرسلت: {wall:%Y/%m/%d %H:%M}\nالعنوان: {subject}\n\n{body}"),
    ("chmail", "fa", "{note}\n\n----- پیام ارسال شده -----\nفرستنده: {from_}\nگیرنده: {to}\nرونوشت: {cc}\nتاریخ: {wall:%Y/%m/%d %H:%M}\nعنوان: {subject}\n\n{body}"),
    ("rediff", "hi", "{note}\n\nNote: Forwarded message attached\n\n-- Original Message --\n\nFrom: {from_}\nTo: {to}\nCc: {cc}\nSubject: {subject}\nDate: {rfc}\n\n{body}"),
)  # fmt: skip


def _bare(people: tuple[Person, ...]) -> str:
    return ", ".join(person.address for person in people)


def _mailto(people: tuple[Person, ...]) -> str:
    return "; ".join(f"{person.name or person.address}<mailto:{person.address}>" for person in people)


def _month(mail: Mail) -> str:
    """The month's name inside the long date: its longest word without a digit."""
    return max(
        (word for word in mail.date("long").split() if not any(map(str.isdigit, word))), key=len, default=""
    )


def told(mail: Mail, template: str) -> str:
    """The template, filled in; a Cc line without anybody is left out."""
    words = {
        "note": mail.note, "from_": who(mail.sender), "name": mail.sender.name, "addr": mail.sender.address,
        "fromq": f'"{mail.sender.name}" <{mail.sender.address}>', "to": listed(mail.to), "cc": listed(mail.cc),
        "to_bare": _bare(mail.to), "cc_bare": _bare(mail.cc), "to_mailto": _mailto(mail.to), "cc_mailto": _mailto(mail.cc),
        "to_names": "; ".join(person.name for person in mail.to), "subject": mail.subject, "body": mail.body,
        "quoted": quoted(mail.body), "quoted_tight": quoted(mail.body, ">"), "rfc": mail.rfc_date(), "wall": mail.wall,
        "full": mail.date("full"), "long": mail.date("long"), "gmail": mail.date("gmail"), "yahoo": mail.date("yahoo"),
        "gmail_full": mail.date("yahoo"), "month": _month(mail), "owner": who(mail.owner),
    }  # fmt: skip
    lines = template.split("\n")
    kept = [line for line in lines if mail.cc or "{cc" not in line]
    return "\n".join(kept).format(**words)


def _known(people: tuple[Person, ...], template: str, place: str) -> tuple[Person, ...]:
    if f"{{{place}_names}}" in template:
        return tuple(Person(person.name, "") for person in people)
    if f"{{{place}_bare}}" in template:
        return tuple(Person("", person.address) for person in people)
    return people if f"{{{place}}}" in template or f"{{{place}_mailto}}" in template else ()


def rare_samples() -> Iterator[Sample]:
    """Every template at all four moments."""
    for number, (name, code, template) in enumerate(TEMPLATES):
        language = languages()[code]
        for moment in range(4):
            mail = story(language, moment, older=moment % 2 == 0)
            truth = truth_of(mail, to=_known(mail.to, template, "to"), cc=_known(mail.cc, template, "cc"))
            prologue = template.partition("{note}")[2].partition("From:")[0]
            if (
                "Sent from Mail" in prologue
                or "Gesendet von Mail" in template
                or "Sent with Tuta" in template
            ):
                truth = truth.but(unknown=frozenset({"message"}))
            if "{addr}\n" in template and "{name}" not in template:
                truth = truth.but(sender=Person("", mail.sender.address))
            if name == "live_mail":
                truth = truth.but(
                    sender=Person(mail.sender.name, ""), uncertain="required", why="a name is no address"
                )
            prefixes = language.some("forward_prefixes")
            raw = outer(
                part(f"{told(mail, template)}\n"),
                f"{prefixes[(number + moment) % len(prefixes)]}: {mail.subject}",
                sender=mail.owner,
            )
            yield Sample(f"rare-{name}/{code}/{moment}", f"rare-{name}", code, "rare", raw, truth)
