"""Keys instead of secrets: a certificate at Microsoft, a service account at Google; signatures are checked with the public key."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from crm_logger.oauth import OAuthMisconfigured, Tokens
from tests.servers.scripted import CERTIFICATE
from tests.servers.tokens import Reply

if TYPE_CHECKING:
    from tests.oauth.conftest import Settings
    from tests.servers.tokens import Provider

PEM = Path(CERTIFICATE).read_text()
KEY = PEM[: PEM.index("-----BEGIN CERTIFICATE")]


def key_file(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "key"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def account_file(folder: Path, **more: str) -> str:
    told = {"private_key": KEY, "private_key_id": "number 7", "client_email": "crm@project.example"}
    return key_file(folder, json.dumps(told | more))


def checked(token: str, algorithm: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a signed token; raises where the signature is not that of our key."""
    public = RSAKey.import_key(RSAKey.import_key(KEY).as_pem(private=False))
    found = jwt.decode(token, public, algorithms=[algorithm])
    return found.header, found.claims


def test_an_app_proves_itself_by_its_certificate(
    provider: Provider, settings: Settings, tmp_path: Path
) -> None:
    config = settings(OAUTH_GRANT="client", OAUTH_KEY_FILE=key_file(tmp_path, PEM), OAUTH_REFRESH_TOKEN="")
    Tokens(config).access()
    (form,) = provider.forms
    header, claims = checked(form["client_assertion"], "PS256")
    certificate = ssl.PEM_cert_to_DER_cert(PEM[PEM.index("-----BEGIN CERTIFICATE") :].strip())
    digest = base64.urlsafe_b64encode(hashlib.sha256(certificate).digest()).rstrip(b"=").decode()
    assert header["x5t#S256"] == digest
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("the-app", "the-app", provider.url("token"))
    assert claims["nbf"] <= time.time() < claims["exp"] <= time.time() + 601
    assert claims["jti"]
    assert "client_secret" not in form


def test_a_service_account_acts_as_the_mailbox(
    provider: Provider, settings: Settings, tmp_path: Path
) -> None:
    Tokens(settings(OAUTH_GRANT="service-account", OAUTH_KEY_FILE=account_file(tmp_path))).access()
    (form,) = provider.forms
    header, claims = checked(form["assertion"], "RS256")
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert header["kid"] == "number 7"
    assert (claims["iss"], claims["sub"], claims["scope"]) == ("crm@project.example", "crm", "imap")


def test_a_wrong_clock_of_ours_is_corrected_by_the_providers(
    provider: Provider, settings: Settings, tmp_path: Path
) -> None:
    later = {"Date": "Wed, 01 Jan 2099 12:00:00 GMT"}
    provider.replies.append(Reply(400, {"error": "invalid_grant", "error_description": "Invalid JWT"}, later))
    Tokens(settings(OAUTH_GRANT="service-account", OAUTH_KEY_FILE=account_file(tmp_path))).access()
    first, second = (checked(form["assertion"], "RS256")[1]["iat"] for form in provider.forms)
    assert second - first > 10 * 365 * 86400


def test_a_refusal_with_clocks_that_agree_is_told_at_once(
    provider: Provider, settings: Settings, tmp_path: Path
) -> None:
    provider.replies.append(Reply(400, {"error": "invalid_grant", "error_description": "no such account"}))
    with pytest.raises(OAuthMisconfigured, match="check OAUTH_KEY_FILE"):
        Tokens(settings(OAUTH_GRANT="service-account", OAUTH_KEY_FILE=account_file(tmp_path))).access()
    assert len(provider.forms) == 1


@pytest.mark.parametrize(
    ("grant", "text", "said"),
    [
        ("client", "no key", "cannot be used"),
        ("client", KEY.replace("M", "N"), "cannot be used"),
        (
            "client",
            KEY + "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n",
            "cannot be ",
        ),
        ("service-account", PEM, "no key of a service account"),
        ("service-account", "[]", "no key of a service account"),
        (
            "service-account",
            '{"private_key": "x", "client_email": "", "private_key_id": ""}',
            "cannot be used",
        ),
    ],
)
def test_a_key_that_cannot_be_used_is_told_without_showing_it(
    settings: Settings, tmp_path: Path, grant: str, text: str, said: str
) -> None:
    config = settings(OAUTH_GRANT=grant, OAUTH_KEY_FILE=key_file(tmp_path, text))
    with pytest.raises(OAuthMisconfigured, match=said) as caught:
        Tokens(config).access()
    assert KEY[100:140] not in "".join(traceback.format_exception(caught.value))


def test_a_key_that_everybody_can_read_is_not_used(settings: Settings, tmp_path: Path) -> None:
    config = settings(OAUTH_GRANT="client", OAUTH_KEY_FILE=key_file(tmp_path, PEM, 0o604))
    with pytest.raises(OAuthMisconfigured, match="chmod 600"):
        Tokens(config).access()


def test_a_key_file_that_is_not_there_is_told(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(OAuthMisconfigured, match="cannot be read"):
        Tokens(settings(OAUTH_GRANT="client", OAUTH_KEY_FILE=f"{tmp_path}/nowhere")).access()


def test_without_the_extra_a_sentence_says_how_to_install_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "authlib.oauth2.rfc7523", None)
    with pytest.raises(OAuthMisconfigured, match=r"pip install 'crm-logger\[oauth\]'"):
        Tokens(settings(OAUTH_GRANT="client", OAUTH_KEY_FILE=key_file(tmp_path, PEM))).access()
