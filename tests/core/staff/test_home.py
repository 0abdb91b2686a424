from types import SimpleNamespace

import pytest

from core.staff import home


@pytest.fixture
def panels(monkeypatch):
    monkeypatch.setattr(home, "_panels", {})

    def add(name, context=None, **details):
        home.register_home_panel(home.HomePanel(name, name.title(), "x.html", lambda request: context, **details))

    return add


def reader(*permissions):
    return SimpleNamespace(user=SimpleNamespace(has_perm=lambda name: name in permissions))


def test_panels_come_in_order_and_only_to_those_who_may_see_them(panels):
    panels("late", {"n": 1}, order=200)
    panels("early", {"n": 2}, order=10)
    panels("giving", {"n": 3}, permission="donations.view_gift")
    assert [panel.name for panel, _context in home.home_panels(reader())] == ["early", "late"]
    names = [panel.name for panel, _context in home.home_panels(reader("donations.view_gift"))]
    assert names == ["early", "giving", "late"]


def test_a_panel_with_nothing_to_show_is_not_there(panels):
    panels("calm", None)
    assert home.home_panels(reader()) == []
