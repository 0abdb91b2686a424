"""Public addresses of this app."""

from django.urls import path

from memberships.views import verify_card

urlpatterns = [path("verify/<str:token>/", verify_card, name="verify_card")]
