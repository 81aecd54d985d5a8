"""The makes: each function writes a forward as one client does, in text and in HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.forwards.desk.microsoft import (
    new_outlook,
    outlook_desktop,
    outlook_mac,
    outlook_mailto,
    outlook_mobile,
    outlook_original,
    outlook_spans,
    owa,
    owa_x,
    windows_mail,
)
from tests.forwards.desk.others import (
    airmail,
    alpine,
    em_client,
    evolution,
    fastmail,
    front,
    gnus,
    hey,
    horde,
    interia,
    k9,
    kmail,
    mimestream,
    notes,
    orange,
    pegasus,
    seznam,
    sogo,
    spark,
    superhuman,
    the_bat,
    tutanota,
    verse,
)
from tests.forwards.desk.parts import ALL, EN, Made
from tests.forwards.desk.webmail import (
    aol,
    gmx,
    mail_ru,
    naver,
    netease,
    open_xchange,
    proton,
    qq,
    roundcube,
    samsung,
    yahoo,
    yandex,
    zimbra,
    zoho,
)
from tests.forwards.desk.widespread import apple_mail, gmail, gmail_starred, ios_mail, thunderbird

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forwards.desk.cast import Story

MAKES: dict[str, tuple[Callable[[Story], Made], tuple[str, ...]]] = {
    "outlook_desktop": (outlook_desktop, ALL), "outlook_spans": (outlook_spans, ALL), "outlook_original": (outlook_original, ALL), "outlook_mailto": (outlook_mailto, ALL),
    "owa": (owa, ALL), "owa_x": (owa_x, ALL), "new_outlook": (new_outlook, ALL), "outlook_mobile": (outlook_mobile, ALL), "outlook_mac": (outlook_mac, ALL), "windows_mail": (windows_mail, ALL),
    "gmail": (gmail, ALL), "gmail_starred": (gmail_starred, ALL), "apple_mail": (apple_mail, ALL), "ios_mail": (ios_mail, ALL), "thunderbird": (thunderbird, EN),
    "yahoo": (yahoo, EN), "aol": (aol, EN), "zoho": (zoho, EN), "proton": (proton, EN), "roundcube": (roundcube, EN), "zimbra": (zimbra, EN), "samsung": (samsung, EN), "gmx": (gmx, ("de",)),
    "open_xchange": (open_xchange, ("de",)), "mail_ru": (mail_ru, ("ru",)), "yandex": (yandex, ("ru",)), "qq": (qq, ("zh",)), "netease": (netease, ("zh",)), "naver": (naver, EN),
    "notes": (notes, EN), "verse": (verse, EN), "em_client": (em_client, EN), "spark": (spark, EN), "superhuman": (superhuman, EN), "front": (front, EN), "hey": (hey, EN), "fastmail": (fastmail, EN),
    "k9": (k9, EN), "airmail": (airmail, EN), "mimestream": (mimestream, EN), "evolution": (evolution, EN), "kmail": (kmail, EN), "the_bat": (the_bat, EN), "horde": (horde, EN), "sogo": (sogo, EN),
    "seznam": (seznam, ("cs",)), "orange": (orange, ("fr",)), "pegasus": (pegasus, EN), "tutanota": (tutanota, EN), "gnus": (gnus, EN), "alpine": (alpine, EN), "interia": (interia, ("pl",)),
}  # fmt: skip
"""Each make with the languages it is told in here."""
