"""`db copy`, through the command."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from crm_logger.store.duty import duty_for
from tests.cast import mail
from tests.office import NOW

if TYPE_CHECKING:
    from .conftest import Shop


def test_the_copy_takes_the_place_of_the_database(shop: Shop) -> None:
    shop.deliver(mail(to_log=shop.office.bcc, subject="Before"))
    url = f"sqlite:///{shop.desk.folder}/new.sqlite3"
    rows = {each["table"]: each["number"] for each in shop.desk.json("db", "copy", "--to", url)}
    assert (rows["receipt"], rows["engagement"], rows["contact"]) == (1, 1, 1)
    assert "holds the same" in shop.desk.ok("db", "copy", "--to", url)
    (line,) = shop.desk.json("timeline", "carl@client.example", DATABASE_URL=url)["timeline"]
    assert line["subject"] == "Before"


def test_nothing_is_copied_while_the_service_runs(shop: Shop) -> None:
    config = shop.office.config
    with closing(duty_for(config.database_url, [config.mailbox_name], NOW)) as duty:
        assert duty.take()
        said = shop.desk.refused("db", "copy", "--to", f"sqlite:///{shop.desk.folder}/new.sqlite3", status=75)
    assert "stop it first" in said
    assert not shop.desk.folder.joinpath("new.sqlite3").exists()
