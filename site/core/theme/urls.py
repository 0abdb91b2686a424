"""The theme's addresses."""

from django.urls import URLPattern, re_path

from core.theme import views

urlpatterns: list[URLPattern] = [
    re_path(r"^theme/(?P<colour>[0-9a-f]{6})\.css$", views.theme_css, name="theme_css"),
]
