"""English, German, Dutch and the Nordic languages of their family."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

GERMANIC = (
    locale(
        "da",
        sender="Fra | Afsender",
        to="Til | Modtager",
        cc="Cc | Kopi | Kopi til",
        bcc="Bcc | Blind kopi",
        reply_to="Svar til | Svar-til | Besvar til",
        subject="Emne | Vedr. | Vedrørende",
        date="Dato | Sendt | Sendt den",
        forward_prefixes="VS | Vs | Fwd | FW | Videresendt",
        reply_prefixes="SV | Sv | Re | Svar",
        markers="Videresendt meddelelse | Videresendt besked | Videresendt mail | Videresendt e-mail | Oprindelig meddelelse | "
        "Oprindelig besked | Original besked | Original meddelelse | Start på videresendt besked | "
        "Begynd videresendt besked | Forwarded message",
        end_markers="Slut på videresendt besked | Slut på videresendt meddelelse",
        attributions=(
            "Den {date} skrev {name} <{address}>:",
            "Den {date}, skrev {name} <{address}>:",
            "På {date} skrev {name} <{address}>:",
            "{name} <{address}> skrev den {date}:",
            "{name} <{address}> skrev {date}:",
            "{name} skrev:",
        ),
    ),
    locale(
        "de",
        sender="Von | Absender | Gesendet von",
        to="An | Empfänger",
        cc="Cc | CC | Kopie | Kopie (CC) | Kopie an",
        bcc="Bcc | BCC | Blindkopie | Blindkopie (BCC)",
        reply_to="Antwort an | Antworten an | Antwort-An | Antwortadresse",
        subject="Betreff | Thema",
        date="Datum | Gesendet | Gesendet am | Gesendet um",
        forward_prefixes="WG | Wg | Fwd | FW | Weitergeleitet | Weiterleitung",
        reply_prefixes="AW | Aw | Antw | Antwort | Re",
        markers="Weitergeleitete Nachricht | Ursprüngliche Nachricht | Originalnachricht | Original-Nachricht | "
        "Original Nachricht | Weitergeleitete Mail | Weitergeleitete E-Mail | Ursprüngliche Mail | "
        "Anfang der weitergeleiteten Nachricht | Anfang der weitergeleiteten E-Mail | Weitergeleitet | "
        "Beginn der weitergeleiteten Nachricht | Weitergeleitet von | Ursprüngliche E-Mail",
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
        sender="From | Sender | Sent by",
        to="To | Recipient | Recipients",
        cc="Cc | CC | Copy | Copy to | Carbon Copy",
        bcc="Bcc | BCC | Blind Copy | Blind Carbon Copy",
        reply_to="Reply-To | Reply To",
        subject="Subject | Subj | Re",
        date="Date | Sent | Sent on | Sent at | Date Sent | Received | Time",
        forward_prefixes="Fwd | FW | Fw | Forward | Forwarded",
        reply_prefixes="Re | RE",
        markers="Forwarded message | Forwarded Message | Original Message | Original message | Begin forwarded message | "
        "Forwarded by | Forwarded Conversation | Forwarded mail | Forwarded email | Forwarded e-mail | "
        "Original mail | Original email | Original Email | Original e-mail | Start of forwarded message | "
        "Forwarded from | This is a forwarded message | Original Mail | Forwarded Mail | Forwarding messages",
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
        "nb",
        sender="Fra | Avsender",
        to="Til | Mottaker",
        cc="Kopi | Cc | Kopi til",
        bcc="Blindkopi | Bcc",
        reply_to="Svar til | Svar-til",
        subject="Emne",
        date="Dato | Sendt",
        forward_prefixes="VS | Vs | Fwd | FW | Videresendt",
        reply_prefixes="SV | Sv | Re",
        markers="Videresendt melding | Opprinnelig melding | Original melding | Videresendt e-post | Videresendt | "
        "Start på videresendt melding | Videresendt e-melding | Begynnelse på videresendt melding | Opprinnelig e-post",
        end_markers="Slutt på videresendt melding",
        attributions=(
            "{date} skrev {name} <{address}>:",
            "Den {date} skrev {name} <{address}>:",
            "Den {date}, skrev {name} <{address}>:",
            "På {date} skrev {name} <{address}>:",
            "{name} <{address}> skrev {date}:",
            "{name} <{address}> skrev følgende den {date}:",
            "{name} skrev:",
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
        markers="Doorgestuurd bericht | Oorspronkelijk bericht | Origineel bericht | Doorgestuurde e-mail | "
        "Doorgestuurde mail | Begin doorgestuurd bericht | Begin van doorgestuurd bericht | Oorspronkelijke e-mail | "
        "Doorgezonden bericht | Originele bericht",
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
    locale(
        "sv",
        sender="Från | Avsändare",
        to="Till | Mottagare",
        cc="Kopia | Cc | Kopia till",
        bcc="Hemlig kopia | Dold kopia | Bcc",
        reply_to="Svar till | Svara till | Svar-till | Svarsadress",
        subject="Ämne | Ärende",
        date="Datum | Skickat | Skickades | Skickat den",
        forward_prefixes="VB | Vb | Fwd | FW | Vidarebefordrat",
        reply_prefixes="SV | Sv | Re | Svar",
        markers="Vidarebefordrat meddelande | Ursprungligt meddelande | Originalmeddelande | Vidarebefordrat brev | "
        "Vidarebefordrat e-postmeddelande | Vidarebefordrad e-post | Ursprungligt e-postmeddelande | "
        "Start på vidarebefordrat meddelande | Börja vidarebefordrat meddelande | "
        "Vidarebefordrat mejl | Vidarebefordrat mail | Originalmail",
        end_markers="Slut på vidarebefordrat meddelande",
        attributions=(
            "Den {date} skrev {name} <{address}>:",
            "Den {date}, skrev {name} <{address}>:",
            "{date} skrev {name} <{address}>:",
            "{name} <{address}> skrev den {date}:",
            "{name} <{address}> skrev {date}:",
            "På {date} skrev {name} <{address}>:",
            "{name} skrev:",
        ),
        order="ymd",
    ),
)
