"""Assertions signed by a key: a certificate at Microsoft, a service account at Google. The only module that knows Authlib."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crm_logger.config_values import Secret
from crm_logger.oauth.errors import OAuthMisconfigured

if TYPE_CHECKING:
    from datetime import datetime

    from crm_logger.config import Config

LIFE: Final = 600
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def of_client(config: Config, audience: str, now: datetime) -> Secret:
    """What proves that we are the app (RFC 7523 §2.2); names the certificate by x5t#S256, where there is one, as Microsoft asks.

    `now` is the provider's time. Raises OAuthMisconfigured.
    """
    text = _text(config.oauth_key_file)
    header = {"alg": "PS256"}
    if _BEGIN in text and _END in text:
        header["x5t#S256"] = _thumbprint(text[text.index(_BEGIN) : text.index(_END) + len(_END)])
    app = config.oauth_client_id
    return _signed(text, config, header, {"iss": app, "sub": app, "aud": audience}, now)


def service_account(config: Config, audience: str, scope: str, now: datetime) -> Secret:
    """What lets a service account act as IMAP_USER (domain-wide delegation). Raises OAuthMisconfigured."""
    path = config.oauth_key_file
    try:
        told = json.loads(_text(path))
        key, issuer, number = told["private_key"], told["client_email"], told["private_key_id"]
        header = {"alg": "RS256", "kid": str(number)}
        claims = {"iss": str(issuer), "sub": config.imap_user, "aud": audience, "scope": scope}
    except (ValueError, LookupError, TypeError):
        raise OAuthMisconfigured(
            f"{path} is no key of a service account: download it as JSON from Google's console."
        ) from None
    return _signed(str(key), config, header, claims, now)


def _text(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            mode = stat.S_IMODE(Path(path).stat().st_mode)
            if mode & stat.S_IRWXO:
                raise OAuthMisconfigured(
                    f"{path} holds a private key and everybody on this machine can get at it: chmod 600 {path}."
                )
            return file.read(1 << 20)
    except OSError as error:
        raise OAuthMisconfigured(f"OAUTH_KEY_FILE {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise OAuthMisconfigured(f"OAUTH_KEY_FILE {path} is no text: PEM or JSON is expected.") from None


def _thumbprint(certificate: str) -> str:
    """RFC 7515 §4.1.8."""
    try:
        der = ssl.PEM_cert_to_DER_cert(certificate)
    except ValueError:
        raise OAuthMisconfigured("The certificate in OAUTH_KEY_FILE cannot be read.") from None
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def _signed(
    pem: str, config: Config, header: dict[str, str], claims: dict[str, str], now: datetime
) -> Secret:
    begin = int(now.timestamp())
    sign, import_key = _authlib()
    try:
        # A minute of slack for clocks that are not quite together.
        signed = sign(
            import_key(pem),
            claims["iss"],
            claims["aud"],
            subject=claims["sub"],
            issued_at=begin - 60,
            expires_at=begin + LIFE,
            claims={name: claims[name] for name in claims.keys() & {"scope"}} | {"nbf": begin - 60},
            header=header,
        )
    except (ValueError, TypeError):
        # Without context: its frames hold the key.
        raise OAuthMisconfigured(
            f"The private key in {config.oauth_key_file} cannot be used: an RSA key in PEM, without a password, is expected."
        ) from None
    return Secret(signed)


def _authlib() -> tuple[Any, Any]:
    """Authlib's signer, and the reader of RSA keys in the library it rests on."""
    try:
        from authlib.oauth2.rfc7523 import JWTBearerGrant  # noqa: PLC0415 -- an extra
        from joserfc.jwk import RSAKey  # noqa: PLC0415 -- the same
    except ImportError:
        raise OAuthMisconfigured(
            "Certificates and service accounts need the extra oauth: pip install 'crm-logger[oauth]'."
        ) from None
    return JWTBearerGrant.sign, RSAKey.import_key
