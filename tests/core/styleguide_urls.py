"""The address map as developers have it: with the style page."""

from django.urls import path

from config.urls import urlpatterns as ours
from core.theme.styleguide import styleguide

urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("styleguide/<slug:page>/", styleguide, name="styleguide_page"),
    *ours,
]
