"""All samples, made anew each time from the story; `python -m tests.forwards.render DIR` writes them out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.forwards import clients, webmail
from tests.forwards.attachments import attachment_samples
from tests.forwards.composed import answered_samples, attributed_samples, composed_samples
from tests.forwards.makes import MAKES
from tests.forwards.national import SERVICES
from tests.forwards.rare import rare_samples
from tests.forwards.replies import plain_samples, reply_samples
from tests.forwards.sample import Rendered, Sample, fits, multipart, outer, part
from tests.forwards.stories import Language, Mail, languages, story
from tests.forwards.traps import trap_samples
from tests.forwards.unlisted import unlisted_samples
from tests.forwards.wrappers import wrapped_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENTS: dict[str, Callable[[Mail], Rendered]] = {
    "gmail": clients.gmail,
    "gmail_app": clients.gmail_app,
    "outlook": clients.outlook,
    "outlook_original": clients.outlook_original,
    "outlook_web": clients.outlook_web,
    "outlook_mobile": clients.outlook_mobile,
    "outlook_mac": clients.outlook_mac,
    "apple": clients.apple,
    "ios": clients.ios,
    "thunderbird": clients.thunderbird,
    "yahoo": clients.yahoo,
    "samsung": webmail.samsung,
    "zimbra": webmail.zimbra,
    "roundcube": webmail.roundcube,
    "notes": webmail.notes,
    "proton": webmail.proton,
    "em_client": webmail.em_client,
    "the_bat": webmail.the_bat,
    "evolution": webmail.evolution,
    "kmail": webmail.kmail,
    "horde": webmail.horde,
    "mutt": webmail.mutt,
    "claws": webmail.claws,
    "zoho": webmail.zoho,
    "squirrel": webmail.squirrel,
    "open_xchange": webmail.open_xchange,
    "mailspring": webmail.mailspring,
    "attribution": webmail.attribution,
    "gmx": webmail.gmx,
    **MAKES,
}
_ENCODINGS = ("quoted-printable", "base64", "8bit")


def enclosed(
    made: Rendered, form: str, *, encoding: str = "quoted-printable", charset: str = "utf-8"
) -> bytes:
    """The body parts: "text", "html" or "both" (multipart/alternative)."""
    parts = [part(made.text, "plain", charset, encoding)] if form != "html" else []
    parts += [part(made.html, "html", charset, encoding)] if form != "text" else []
    return parts[0] if len(parts) == 1 else multipart("alternative", parts)


def _legacy(language: Language, made: Rendered, turn: int) -> str:
    charsets = [name for name in language.some("charsets") if fits(made.text + made.html, name)]
    return charsets[turn % len(charsets)] if charsets else "utf-8"


def in_turn(name: str, language: Language, moment: int, turn: int) -> Sample:
    """One client's forward; text, HTML or both, encoding, charset and prefix change with the turn."""
    render = CLIENTS[name] if name in CLIENTS else SERVICES[name][0]
    mail = story(language, moment, older=turn % 3 == 0)
    made = render(mail if turn % 5 else mail.but(note=""))
    forms = ["text"] if not made.html else ["text", "html", "both"] if made.text else ["html"]
    form = forms[turn % len(forms)]
    charset = _legacy(language, made, turn // 2) if turn % 2 else "utf-8"
    prefixes = language.some("forward_prefixes")
    content = enclosed(made, form, encoding=_ENCODINGS[turn % 4 % 3], charset=charset)
    raw = outer(
        content, f"{prefixes[turn % len(prefixes)]}: {mail.subject}", sender=mail.owner, charset=charset
    )
    title = f"{name}/{language.code}/{moment}-{form}-{charset}"
    return Sample(title, name, language.code, "client", raw, made.truth_in(form), made.composed)


def client_samples() -> Iterator[Sample]:
    """Every client in every language it is used in, at all four moments."""
    for turn, (code, language) in enumerate(languages().items()):
        local = [name for name, (_, codes) in SERVICES.items() if code in codes]
        for number, name in enumerate([*CLIENTS, *local]):
            for moment in range(4):
                yield in_turn(name, language, moment, turn + number + moment)


def samples() -> Iterator[Sample]:
    """All of them."""
    yield from client_samples()
    yield from attachment_samples()
    yield from trap_samples()
    yield from wrapped_samples()
    yield from rare_samples()
    yield from unlisted_samples(CLIENTS)
    yield from composed_samples()
    yield from attributed_samples()
    yield from reply_samples()
    yield from plain_samples()
    yield from answered_samples()


def write(folder: Path) -> int:
    """Write every sample as an .eml file; how many."""
    count = 0
    for sample in samples():
        path = folder / f"{sample.name}.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.raw)
        count += 1
    return count


if __name__ == "__main__":
    print(write(Path(sys.argv[1])), "samples written")  # noqa: T201 -- a command's answer
