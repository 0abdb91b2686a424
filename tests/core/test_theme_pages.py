import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.money import Money
from core.organisation import current_organisation
from core.theme.figures import day_in_words, instant_in_words


def render(source, **context):
    return Template("{% load steward %}" + source).render(Context(context))


def test_the_theme_is_served_without_the_database_and_kept_for_ever(client):
    response = client.get("/theme/c8102e.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert "--accent: light-dark(#c8102e," in response.content.decode()


@pytest.mark.django_db
def test_a_theme_for_something_that_is_no_colour_is_not_found(client):
    assert client.get("/theme/zzz.css").status_code == 404


@pytest.mark.django_db
def test_a_page_links_the_organisations_own_colour():
    organisation = current_organisation()
    organisation.accent_colour = "#C8102E"
    organisation.save()
    assert render("{% theme_url %}") == "/theme/c8102e.css"


def test_an_amount_carries_its_plain_value_and_a_real_minus():
    assert render("{% amount m %}", m=Money(Decimal("1234.5"), "EUR")) == (
        '<data class="amount" value="1234.50">€1,234.50</data>'
    )
    assert render("{% amount m %}", m=Money(Decimal("-5"), "EUR")) == (
        '<data class="amount amount--minus" value="-5.00">\N{MINUS SIGN}€5.00</data>'
    )
    assert render("{% amount m %}", m=None) == "\N{EN DASH}"


def test_a_large_figure_is_written_without_cents_in_the_readers_language():
    money = Money(Decimal("41279.50"), "EUR")
    assert ">€41,280<" in render("{% amount m whole=True %}", m=money)
    with translation.override("de"):
        assert ">41.280\N{NO-BREAK SPACE}€<" in render("{% amount m whole=True %}", m=money)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "language", "day", "moment"),
    [
        ("US", "en", "Saturday, November 28, 2026", "Nov 28, 2026, 5:05\u202fPM"),
        ("GB", "en", "Saturday, 28 November 2026", "28 Nov 2026, 17:05"),
        ("GB", "de", "Samstag, 28. November 2026", "28.11.2026, 17:05"),
    ],
)
def test_a_date_is_in_the_readers_language_as_the_organisations_country_writes_it(country, language, day, moment):
    organisation = current_organisation()
    organisation.country, organisation.time_zone = country, "Europe/London"
    organisation.save()
    at = dt.datetime(2026, 11, 28, 17, 5, tzinfo=dt.UTC)
    with translation.override(language):
        assert render("{{ at|day }}", at=at) == day
        assert instant_in_words(at) == moment


@pytest.mark.django_db
def test_the_first_of_a_month_is_an_ordinal_in_french():
    with translation.override("fr"):
        assert day_in_words(dt.date(2026, 12, 1)) == "1er décembre 2026"
        assert day_in_words(dt.date(2026, 12, 11)) == "11 décembre 2026"


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render("{% icon 'calendar' %}")
    labelled = render("{% icon 'calendar' label %}", label="Next <shift>")
    assert 'role="img" aria-label="Next &lt;shift&gt;"' in labelled
    assert "id=" not in labelled


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/give/", ' aria-current="page"'), ("/give/thanks/", ' aria-current="true"'), ("/join/", "")],
)
def test_a_link_knows_when_one_is_there(path, expected):
    assert render("{% here '/give/' %}", request=RequestFactory().get(path)) == expected


@pytest.mark.django_db
def test_a_missing_page_says_what_to_do_in_our_own_frame(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()
    assert 'id="main"' in response.content.decode()


def test_the_page_for_our_own_failures_needs_nothing_but_itself():
    assert "Something went wrong here" in render_to_string("500.html")


@pytest.mark.parametrize("template", sorted(p.name for p in (settings.BASE_DIR / "templates").rglob("*.html")))
def test_no_template_uses_inline_styles_or_scripts(template):
    for path in (settings.BASE_DIR / "templates").rglob(template):
        if "emails" in path.parts:
            continue  # mail programs read nothing else
        text = path.read_text()
        assert " style=" not in text, path
        assert "<script>" not in text, path
        assert " onclick=" not in text, path
