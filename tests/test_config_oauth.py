"""Settings of a login by OAuth: what it needs, and what cannot work."""

from __future__ import annotations

import pytest

from crm_logger.config import ConfigProblems, load_config

OAUTH = {
    "IMAP_AUTH": "xoauth2",
    "OAUTH_PROVIDER": "microsoft365",
    "OAUTH_TENANT": "acme.example",
    "OAUTH_CLIENT_ID": "an-app",
}


def test_a_login_by_oauth_needs_no_password() -> None:
    told = {"IMAP_HOST": "imap.example", "IMAP_USER": "crm@acme.example"}
    assert load_config(told | OAUTH, {}, need={"imap"}).imap_auth == "xoauth2"
    with pytest.raises(ConfigProblems, match="IMAP_PASSWORD is missing"):
        load_config(told | {"IMAP_AUTH": "password"}, {}, need={"imap"})


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"OAUTH_CLIENT_ID": ""}, "needs OAUTH_CLIENT_ID"),
        ({"OAUTH_TENANT": ""}, "needs OAUTH_TENANT"),
        ({"OAUTH_TENANT": "acme/../evil"}, "is neither a tenant's id nor a domain"),
        ({"OAUTH_PROVIDER": "custom"}, "needs OAUTH_TOKEN_URL"),
        ({"OAUTH_PROVIDER": "google"}, "is none of gmail, microsoft365, custom"),
        ({"OAUTH_GRANT": "client"}, "needs OAUTH_CLIENT_SECRET, or OAUTH_KEY_FILE"),
        ({"OAUTH_GRANT": "client", "OAUTH_PROVIDER": "gmail", "OAUTH_KEY_FILE": "x"}, "opens no mailbox"),
        ({"OAUTH_GRANT": "service-account", "OAUTH_CLIENT_ID": ""}, "needs OAUTH_KEY_FILE"),
        ({"OAUTH_GRANT": "service-account", "OAUTH_KEY_FILE": "x"}, "is Google's"),
        ({"OAUTH_TOKEN_URL": "http://login.example/token"}, "OAUTH_TOKEN_URL must be https"),
        ({"OAUTH_DEVICE_URL": "http://127.0.0.1.evil.example/"}, "OAUTH_DEVICE_URL must be https"),
        ({"OAUTH_LOGIN_URL": "http://127.0.0.1@evil.example/"}, "OAUTH_LOGIN_URL must be https"),
    ],
)
def test_settings_of_oauth_that_cannot_work_are_told(settings: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigProblems) as caught:
        load_config(OAUTH | settings, {})
    assert [problem for problem in caught.value.problems if said in problem]
    load_config(OAUTH | {"IMAP_AUTH": "password"}, {})


@pytest.mark.parametrize("url", ["https://login.example/token", "http://127.0.0.1:1/t", "http://[::1]/t"])
def test_a_token_endpoint_is_https_or_this_machine(url: str) -> None:
    settings = OAUTH | {"OAUTH_PROVIDER": "custom", "OAUTH_TOKEN_URL": url}
    assert load_config(settings, {}).oauth_token_url == url
