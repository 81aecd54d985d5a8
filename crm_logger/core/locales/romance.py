"""French, Haitian, Italian, Occitan and Romanian; and Esperanto, which borrows their words."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

ROMANCE = (
    locale(
        "eo",
        sender="De | El | Sendinto",
        to="Al | Ricevonto",
        cc="Kopie | Cc | Kopio",
        bcc="Blinda kopio | Bcc",
        reply_to="Respondi al",
        subject="Temo",
        date="Dato | Sendita",
        forward_prefixes="Fwd | FW | Plus",
        reply_prefixes="Re | Resp",
        markers="Plusendita mesaĝo | Originala mesaĝo",
        attributions=(
            "Je {date}, {name} <{address}> skribis:",
            "Je {date} {name} <{address}> skribis:",
            "La {date}, {name} <{address}> skribis:",
            "{name} <{address}> skribis je {date}:",
            "{name} skribis:",
        ),
        order="ymd",
    ),
    locale(
        "fr",
        sender="De | Expéditeur | Envoyé par",
        to="À | A | Pour | Destinataire | Destinataires",
        cc="Cc | CC | Copie | Copie à | Copie a",
        bcc="Cci | CCI | Bcc | Copie cachée | Copie cachée à",
        reply_to="Répondre à | Répondre a | Répondre | Réponse à",
        subject="Objet | Sujet",
        date="Date | Envoyé | Envoyé le | Date d'envoi | Date d’envoi | Envoyé à",
        forward_prefixes="TR | Tr | Fwd | FW | Transf | Transféré",
        reply_prefixes="RE | Re | RÉ | Ré | Rép | Rep",
        markers="Message transféré | Message d'origine | Message d’origine | Message original | Message initial | "
        "Courriel original | Courriel d'origine | Courriel transféré | Mail transféré | Mail original | "
        "Mail d'origine | E-mail transféré | E-mail d'origine | E-mail d’origine | Début du message réexpédié | "
        "Début du message transféré | Message transmis | Transféré par | Message réexpédié | Début du message transmis",
        end_markers="Fin du message transféré | Fin du message réexpédié | Fin du message transmis",
        attributions=(
            "Le {date}, {name} <{address}> a écrit :",
            "Le {date} {name} <{address}> a écrit :",
            "Le {date}, {name} ({address}) a écrit :",
            "{name} <{address}> a écrit le {date} :",
            "{name} <{address}> a écrit ({date}) :",
            "En date de {date}, {name} <{address}> a écrit :",
            "{name} a écrit :",
        ),
    ),
    locale(
        "ht",
        sender="De | Ekspeditè",
        to="Pou | Destinatè",
        subject="Sijè",
        date="Dat | Voye",
    ),
    locale(
        "it",
        sender="Da | Mittente | Inviato da",
        to="A | Destinatario | Destinatari | Per",
        cc="Cc | CC | Copia | Copia a | Copia per conoscenza | Per conoscenza",
        bcc="Ccn | CCN | Bcc",
        reply_to="Rispondi a | Rispondi-a | Rispondere a",
        subject="Oggetto",
        date="Data | Inviato | Inviato il | Data invio | Data di invio | Inviata",
        forward_prefixes="I | Fwd | FW | Inoltra | Inoltro | Inoltrato | In",
        reply_prefixes="R | Re | RE | RIF | Rif | Ris",
        markers="Messaggio inoltrato | Messaggio originale | Messaggio Originale | Email inoltrata | E-mail inoltrata | "
        "Inizio messaggio inoltrato | Inizio del messaggio inoltrato | Messaggio inviato | E-mail originale | "
        "Email originale | Inoltrato da | Messaggio di origine",
        end_markers="Fine messaggio inoltrato | Fine del messaggio inoltrato",
        attributions=(
            "Il giorno {date} {name} <{address}> ha scritto:",
            "Il giorno {date}, {name} <{address}> ha scritto:",
            "Il {date}, {name} <{address}> ha scritto:",
            "Il {date} {name} <{address}> ha scritto:",
            "In data {date}, {name} <{address}> ha scritto:",
            "In data {date} {name} <{address}> ha scritto:",
            "{name} <{address}> ha scritto il {date}:",
            "{name} ha scritto:",
        ),
    ),
    locale(
        "oc",
        sender="De | Expeditor",
        to="A | Per | Destinatari",
        cc="Còpia | Cc",
        bcc="Cci",
        subject="Subjècte | Objècte",
        date="Data | Mandat",
        markers="Messatge transferit | Messatge d'origina | Messatge original",
        attributions=("Lo {date}, {name} <{address}> a escrich :",),
    ),
    locale(
        "ro",
        sender="De la | De | Expeditor | Trimis de",
        to="Către | Catre | La | Destinatar | Destinatari | Pentru",
        cc="Cc | CC | Copie | Copie la",
        bcc="Bcc | BCC | Copie ascunsă",
        reply_to="Răspuns către | Răspunde la | Răspunde către | Răspuns la",
        subject="Subiect | Subiectul",
        date="Data | Dată | Trimis | Trimisă | Trimis la | Trimis pe | Data trimiterii",
        forward_prefixes="FW | Fwd | Redirecționat | Redir",
        reply_prefixes="RE | Re | Răsp | Rasp",
        markers="Mesaj redirecționat | Mesaj redirecţionat | Mesaj original | Mesaj înaintat | "
        "Mesajul original | Început mesaj redirecționat | Începutul mesajului redirecționat | "
        "Mesaj retrimis | Mesajul redirecționat | Început mesaj retrimis",
        end_markers="Sfârșitul mesajului redirecționat | Sfârșit mesaj redirecționat",
        attributions=(
            "În {date}, {name} <{address}> a scris:",
            "Pe {date}, {name} <{address}> a scris:",
            "La {date}, {name} <{address}> a scris:",
            "În data de {date}, {name} <{address}> a scris:",
            "Pe data de {date}, {name} <{address}> a scris:",
            "{name} <{address}> a scris pe {date}:",
            "{name} a scris:",
        ),
    ),
)
