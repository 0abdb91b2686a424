import pytest
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from core.staff.menu import Area, menu_group

pytestmark = pytest.mark.django_db


def menu_of(client):
    response = client.get(reverse("wagtailadmin_home"))
    items = admin_menu.menu_items_for_request(response.wsgi_request)
    return [item.name for item in sorted(items, key=lambda item: item.order)]


def test_the_menu_stands_in_the_order_people_work_in(staff_client):
    names = menu_of(staff_client())
    order = [area.value for area in Area]
    assert [name for name in names if name in order] == [name for name in order if name in names]
    assert {"website", "settings", "reports"} <= set(names)
    assert not {"explorer", "images", "documents"} & set(names)


def test_an_area_with_nothing_to_see_is_not_there(as_someone_who_may):
    assert "website" not in menu_of(as_someone_who_may())


def test_there_are_eight_areas_and_no_other():
    assert menu_group(Area.GIVING) == "register_giving_menu_item"
    with pytest.raises(ValueError, match="accounting"):
        menu_group("accounting")
