"""The West Germanic languages."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

GERMANIC = (
    locale(
        "af",
        sender="Van | Afsender | Sender",
        to="Aan | Ontvanger",
        cc="Cc | Kopie | Afskrif",
        bcc="Bcc | Blinde kopie",
        reply_to="Antwoord aan | Antwoord-aan",
        subject="Onderwerp",
        date="Datum | Gestuur | Versend",
        forward_prefixes="Fwd | FW | Aangestuur",
        reply_prefixes="Re | Antw",
        markers="Aangestuurde boodskap | Aanstuurboodskap | Aangestuurde e-pos | Begin van aangestuurde boodskap",
        markers_of_both="Oorspronklike boodskap",
        attributions=(
            "Op {date} het {name} <{address}> geskryf:",
            "Op {date}, het {name} <{address}> geskryf:",
            "{name} <{address}> het op {date} geskryf:",
            "{name} het geskryf:",
        ),
        order="ymd",
    ),
    locale(
        "de",
        sender="Von | Absender",
        to="An | Empfänger",
        cc="Cc | CC | Kopie | Kopie (CC) | Kopie an",
        bcc="Bcc | BCC | Blindkopie | Blindkopie (BCC)",
        reply_to="Antwort an | Antworten an | Antwort-An | Antwortadresse",
        subject="Betreff | Thema",
        date="Datum | Gesendet | Gesendet am | Gesendet um",
        forward_prefixes="WG | Wg | Fwd | FW | Weitergeleitet | Weiterleitung",
        reply_prefixes="AW | Aw | Antw | Antwort | Re",
        markers="Weitergeleitete Nachricht | Weitergeleitete Mail | Weitergeleitete E-Mail | "
        "Anfang der weitergeleiteten Nachricht | Anfang der weitergeleiteten E-Mail | "
        "Weitergeleitet | Beginn der weitergeleiteten Nachricht | Weitergeleitet von",
        markers_of_both="Ursprüngliche Nachricht | Originalnachricht | Original-Nachricht | Original Nachricht | "
        "Ursprüngliche Mail | Ursprüngliche E-Mail",
        end_markers="Ende der weitergeleiteten Nachricht | Ende der weitergeleiteten E-Mail | "
        "Ende Weitergeleitete Nachricht",
        attributions=(
            "Am {date} schrieb {name} <{address}>:",
            "Am {date} schrieb {name} ({address}):",
            "Am {date}, schrieb {name} <{address}>:",
            "Am {date} hat {name} <{address}> geschrieben:",
            "{name} <{address}> schrieb am {date}:",
            "{name} <{address}> hat am {date} geschrieben:",
            "Zitat von {name} <{address}>:",
            "{name} schrieb:",
            "Am {date}, {name} <{address}> schrieb:",
        ),
    ),
    locale(
        "en",
        sender="From | Sender",
        to="To | Recipient | Recipients",
        cc="Cc | CC | Copy | Copy to | Carbon Copy",
        bcc="Bcc | BCC | Blind Copy | Blind Carbon Copy",
        reply_to="Reply-To | Reply To",
        subject="Subject | Subj",
        date="Date | Sent | Sent on | Sent at | Date Sent | Time",
        forward_prefixes="Fwd | FW | Fw | Forward | Forwarded",
        reply_prefixes="Re | RE",
        markers="Forwarded message | Forwarded Message | Begin forwarded message | Forwarded by | "
        "Forwarded Conversation | Forwarded mail | Forwarded email | Forwarded e-mail | "
        "Start of forwarded message | Forwarded from | This is a forwarded message | "
        "Forwarded Mail | Forwarding messages",
        markers_of_both="Original Message | Original message | Original mail | Original email | Original Email | "
        "Original e-mail | Original Mail",
        end_markers="End of forwarded message | End forwarded message | End of original message | End Original Message | "
        "End of Forwarded Message",
        attributions=(
            "On {date} {name} <{address}> wrote:",
            "On {date}, {name} <{address}> wrote:",
            "On {date}, {name} [{address}] wrote:",
            "On {date} {name} ({address}) wrote:",
            "{date} {name} <{address}> wrote:",
            "{name} <{address}> wrote on {date}:",
            "{name} <{address}> wrote the following on {date}:",
            "{name} <{address}> wrote ({date}):",
            "Quoting {name} <{address}>:",
            "{name} wrote:",
            "On {date}, {name} <{address}> said:",
        ),
        order="",
    ),
    locale(
        "fy",
        sender="Fan | Ofstjoerder",
        to="Oan | Untfanger",
        cc="Cc | CC | Kopy",
        bcc="Bcc | BCC",
        reply_to="Antwurdzje oan",
        subject="Underwerp",
        date="Datum | Ferstjoerd",
        forward_prefixes="Fwd | FW",
        reply_prefixes="Re",
        markers="Trochstjoerd berjocht",
        markers_of_both="Oarspronklik berjocht",
        attributions=("Op {date} skreau {name} <{address}>:", "{name} <{address}> skreau op {date}:"),
    ),
    locale(
        "lb",
        sender="Vun | Vum | Absender",
        to="Un | Fir | Empfänger",
        cc="Cc | Kopie",
        bcc="Bcc",
        reply_to="Äntwert un | Äntweren un",
        subject="Sujet | Betreff | Thema | Betrëfft",
        date="Datum | Geschéckt | Gesent",
        forward_prefixes="Fwd | FW | WG",
        reply_prefixes="Re | AW",
        markers="Weidergeleete Message | Weidergeleete Noriicht",
        markers_of_both="Urspréngleche Message | Ursprénglech Noriicht",
        attributions=(
            "Den {date} huet {name} <{address}> geschriwwen:",
            "Am {date} huet {name} <{address}> geschriwwen:",
            "{name} <{address}> huet den {date} geschriwwen:",
        ),
    ),
    locale(
        "nl",
        sender="Van | Afzender",
        to="Aan | Ontvanger | Naar",
        cc="CC | Cc | Kopie | Kopie aan",
        bcc="BCC | Bcc | Blinde kopie",
        reply_to="Antwoord aan | Antwoordadres | Beantwoorden | Antwoorden aan",
        subject="Onderwerp | Betreft",
        date="Datum | Verzonden | Verstuurd | Verzonden op | Verzonden om",
        forward_prefixes="FW | Fwd | Doorst | Doorgestuurd",
        reply_prefixes="Re | RE | Antw | Betr | Antwoord",
        markers="Doorgestuurd bericht | Doorgestuurde e-mail | "
        "Doorgestuurde mail | Begin doorgestuurd bericht | Begin van doorgestuurd bericht | "
        "Doorgezonden bericht",
        markers_of_both="Oorspronkelijk bericht | Oorspronkelijke e-mail | Origineel bericht | Originele bericht",
        end_markers="Einde doorgestuurd bericht | Einde van doorgestuurd bericht",
        attributions=(
            "Op {date} schreef {name} <{address}>:",
            "Op {date}, schreef {name} <{address}>:",
            "Op {date} heeft {name} <{address}> het volgende geschreven:",
            "Op {date}, heeft {name} <{address}> het volgende geschreven:",
            "Op {date} heeft {name} <{address}> geschreven:",
            "{name} <{address}> schreef op {date}:",
            "{name} <{address}> schreef op {date} het volgende:",
            "{name} schreef:",
        ),
    ),
)
