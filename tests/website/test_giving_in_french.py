"""The public pages in French: chosen by a link, by the page, or by the browser."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from core.mail.models import Message
from website.models import GivingPage

pytestmark = pytest.mark.usefixtures("online")

CATALOG = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES"


def language_of(page: str) -> str:
    return re.search(r'<html lang="([^"]+)"', page)[1]


def test_the_browser_is_answered_in_its_language(client: Client) -> None:
    page = client.get("/give/", headers={"accept-language": "fr-CA,fr;q=0.9"})
    assert (language_of(page.text), page["Content-Language"]) == ("fr", "fr")
    assert "À quelle fréquence" in page.text
    assert {"accept-language", "cookie"} <= {part.strip().lower() for part in page["Vary"].split(",")}
    assert page["Cache-Control"] == "private, no-store"


def test_a_language_nobody_translated_is_answered_in_ours(client: Client) -> None:
    assert language_of(client.get("/give/", headers={"accept-language": "de"}).text) == "en"


def test_a_link_changes_it_and_is_remembered(client: Client) -> None:
    assert 'href="?a=X&amp;lang=fr"' in client.get("/give/?a=X").text
    assert language_of(client.get("/give/?lang=fr").text) == "fr"
    assert language_of(client.get("/give/").text) == "fr"
    assert language_of(client.get("/give/?lang=en").text) == "en"


def test_a_page_written_in_french_is_french(client: Client) -> None:
    home = GivingPage.objects.get(slug="give").get_parent()
    home.add_child(instance=GivingPage(title="Donner", slug="donner", language="fr"))
    assert language_of(client.get("/donner/").text) == "fr"
    assert language_of(client.get("/donner/?lang=en").text) == "en"


def test_amounts_are_written_as_french_writes_them(client: Client) -> None:
    page = client.get("/give/?lang=fr").text
    assert re.search(r"51,81\s\$US", page)
    assert 'data-rate="0.029' in page


def test_the_whole_way_is_french(client: Client, give) -> None:
    wrong = give("/give/?lang=fr", email="", lang="fr").text
    assert "Vérifiez vos réponses" in wrong
    promised = give("/give/", method="transfer", lang="fr")
    assert "Nous nous réjouissons" in client.get(promised["Location"]).text
    assert "Comment envoyer votre don" in Message.objects.get().subject


def test_the_footer_changes_every_page_and_leads_nowhere_else(client: Client) -> None:
    assert client.get("/language/fr/?next=/join/")["Location"] == "/join/"
    assert language_of(client.get("/").text) == "fr"
    assert client.get("/language/fr/?next=https://evil.example/")["Location"] == "/"
    assert client.get("/language/xx/").status_code == 404


def test_the_compiled_catalogue_says_what_the_written_one_says() -> None:
    written = read_po(BytesIO((CATALOG / "django.po").read_bytes()), locale="fr")
    compiled = read_mo(BytesIO((CATALOG / "django.mo").read_bytes()))
    assert _said(compiled) == _said(written)


def _said(catalog: Catalog) -> list[tuple[list[str], list[str]]]:
    def forms(words: str | list[str] | tuple[str, ...]) -> list[str]:
        return [words] if isinstance(words, str) else list(words)

    return sorted((forms(message.id), forms(message.string)) for message in catalog if message.id)


def test_every_translation_keeps_what_is_filled_in() -> None:
    for message in read_po(BytesIO((CATALOG / "django.po").read_bytes()), locale="fr"):
        pairs = zip(message.id, message.string, strict=True) if message.pluralizable else [(message.id, message.string)]
        for source, translated in pairs:
            assert translated or not source, source
            if source:
                assert set(re.findall(r"%\(\w+\)\w", source)) == set(re.findall(r"%\(\w+\)\w", translated)), source
