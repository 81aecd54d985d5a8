"""French, Italian, the languages of Spain and Portugal, and Romanian."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

ROMANCE = (
    locale(
        "es",
        sender="De | Remitente | Desde | Enviado por",
        to="Para | A | Destinatario | Destinatarios",
        cc="CC | Cc | Copia | Copia a | Con copia | Con copia a",
        bcc="CCO | Cco | Bcc | Copia oculta",
        reply_to="Responder a | Responder-a | Respuesta a",
        subject="Asunto | Tema",
        date="Fecha | Enviado | Enviado el | Enviado a las | Fecha de envío",
        forward_prefixes="RV | Rv | Fwd | FW | Reenv | Reenviado",
        reply_prefixes="RE | Re | RES | Resp",
        markers="Mensaje reenviado | Mensaje original | Mensaje enviado | Correo original | Correo reenviado | "
        "Inicio del mensaje reenviado | Comienzo del mensaje reenviado | Reenviado por | Mensaje Original | "
        "Mensaje de correo original",
        end_markers="Fin del mensaje reenviado | Final del mensaje reenviado",
        attributions=(
            "El {date}, {name} <{address}> escribió:",
            "El {date}, {name} (<{address}>) escribió:",
            "El {date} {name} <{address}> escribió:",
            "El {date}, {name} ({address}) escribió:",
            "{name} <{address}> escribió el {date}:",
            "En {date}, {name} <{address}> escribió:",
            "{name} escribió:",
            "El {date}, {name} <{address}> ha escrito:",
        ),
    ),
    locale(
        "fr",
        sender="De | Expéditeur | Envoyé par | Exp",
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
        "pt-BR",
        sender="De | Remetente | Enviado por",
        to="Para | Destinatário | Destinatários",
        cc="Cc | CC | Cópia | Com cópia | Com cópia para",
        bcc="Cco | CCO | Bcc | Cópia oculta | Com cópia oculta",
        reply_to="Responder a | Responder para | Responder-a",
        subject="Assunto",
        date="Data | Enviado | Enviada em | Enviado em | Enviado(a) em | Enviadas | Data de envio | Enviada",
        forward_prefixes="ENC | Enc | Fwd | FW | Encaminhado | Encaminhada",
        reply_prefixes="RES | Res | Re | RE",
        markers="Mensagem encaminhada | Mensagem original | Mensagem Original | E-mail encaminhado | Email encaminhado | "
        "E-mail original | Início da mensagem encaminhada | Início da Mensagem Encaminhada | Encaminhado por | "
        "Mensagem reencaminhada",
        end_markers="Fim da mensagem encaminhada | Final da mensagem encaminhada",
        attributions=(
            "Em {date}, {name} <{address}> escreveu:",
            "Em {date} {name} <{address}> escreveu:",
            "{name} <{address}> escreveu em {date}:",
            "{name} <{address}> escreveu ({date}):",
            "Citando {name} <{address}>:",
            "{name} escreveu:",
        ),
    ),
)
