"""The theme's addresses; the style page is for developers only."""

from django.conf import settings
from django.urls import URLPattern, path, re_path

from core.theme import styleguide, views

urlpatterns: list[URLPattern] = [
    re_path(r"^theme/(?P<colour>[0-9a-f]{6})\.css$", views.theme_css, name="theme_css"),
]
if settings.DEBUG:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("styleguide/<slug:page>/", styleguide.styleguide, name="styleguide_page"),
    ]
