"""Public addresses of this app that are no Wagtail pages."""

from django.urls import path

from website.views import choose_language, give_from_elsewhere

urlpatterns = [
    path("give/elsewhere/<int:page>/", give_from_elsewhere, name="give_from_elsewhere"),
    path("language/<str:language>/", choose_language, name="choose_language"),
]
