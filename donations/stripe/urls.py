"""Addresses below /stripe/; that of the webhook is promised in docs/reference/addresses.md."""

from django.urls import path

from donations.stripe.views import webhook

urlpatterns = [path("webhook/", webhook, name="stripe_webhook")]
