"""Addresses below /demo/ that stand in for Stripe's own pages; outside the demo they answer 404."""

from django.urls import path

from donations.stripe.fake import views

urlpatterns = [
    path("pay/<str:session_id>/", views.pay, name="demo_pay"),
    path("pay/<str:session_id>/approve/", views.approve, name="demo_approve"),
    path("invoice/<str:session_id>/", views.pay_invoice, name="demo_invoice"),
    path("card/<str:session_id>/", views.replace_card, name="demo_card"),
]
