import gzip

import pytest

pytestmark = pytest.mark.urls("tests.core.styleguide_urls")

PAGES = [
    "/styleguide/",
    "/styleguide/home/",
    "/styleguide/give/",
    "/styleguide/portal/",
    "/styleguide/sign-in/",
    "/account/sign-in/",
]
WINDOWS = [("desktop", "light"), ("phone", "dark")]


@pytest.mark.parametrize("path", PAGES)
def test_every_part_is_accessible_in_light_and_dark_on_desk_and_phone(visitors, assert_accessible, path):
    for device, scheme in WINDOWS:
        page = visitors.open(device, scheme=scheme)
        page.goto(path)
        assert_accessible(page)


def test_the_error_pages_are_accessible(visitors, assert_accessible):
    visitors.expected_statuses.add(404)
    for device, scheme in WINDOWS:
        page = visitors.open(device, scheme=scheme)
        page.goto("/no-such-page/")
        assert page.get_by_role("heading", level=1).inner_text() == "This page is not here"
        assert_accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_smallest_phone(browser_page, path):
    browser_page.set_viewport_size({"width": 320, "height": 640})
    browser_page.goto(path)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_menu_on_a_phone_opens_and_closes_without_a_script(visitors):
    page = visitors.open("phone")
    page.goto("/styleguide/home/")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Volunteer")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_the_home_page_weighs_less_than_a_hundred_kilobytes_with_everything(visitors, browser_page):
    bodies = {}
    browser_page.on("response", lambda response: bodies.setdefault(response.url, response))
    browser_page.goto("/styleguide/home/")
    visitors.settle(browser_page)
    weight = sum(
        len(body) if url.endswith(".woff2") else len(gzip.compress(body))
        for url, body in ((url, response.body()) for url, response in bodies.items())
    )
    assert any(url.endswith(".woff2") for url in bodies)
    assert weight < 100_000, {url: len(response.body()) for url, response in bodies.items()}


def test_no_letter_moves_when_the_typefaces_arrive(browser_page):
    browser_page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    browser_page.goto("/styleguide/home/")
    # The typefaces are there, and a frame with them has been drawn and looked at.
    browser_page.evaluate(
        "document.fonts.ready.then(() => new Promise(d => requestAnimationFrame(() => setTimeout(d))))"
    )
    assert browser_page.evaluate("window.shift") < 0.02


def test_what_is_wrong_in_a_form_is_summed_up_in_focus_and_leads_to_the_field(browser_page):
    browser_page.goto("/styleguide/")
    summary = browser_page.locator(".error-summary")
    assert summary.evaluate("element => element === document.activeElement")
    summary.get_by_role("link", name="E-mail address").click()
    assert browser_page.evaluate("document.activeElement.id") == "id_wrong-email"


def test_a_table_on_a_phone_becomes_records_that_name_their_columns(visitors):
    page = visitors.open("phone")
    page.goto("/styleguide/portal/")
    cell = page.get_by_role("cell", name="1,140.00")
    assert cell.get_attribute("data-label") == "Amount in EUR"
    assert cell.bounding_box()["width"] > 300


def test_a_page_reads_from_right_to_left(browser_page):
    browser_page.goto("/styleguide/home/")
    browser_page.evaluate("document.documentElement.dir = 'rtl'")
    brand = browser_page.locator(".brand").bounding_box()
    give = browser_page.locator(".site-header__give").bounding_box()
    assert brand["x"] > give["x"]
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 1280
