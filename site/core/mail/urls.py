"""The demo mailbox's addresses; config includes them only in the demo."""

from django.urls import path

from core.mail import views

urlpatterns = [
    path("", views.MailboxView.as_view(), name="demo_mailbox"),
    path("<uuid:uuid>/", views.MessageView.as_view(), name="demo_mailbox_message"),
    path("<uuid:uuid>/html/", views.message_html, name="demo_mailbox_html"),
    path("<uuid:uuid>/attachments/<int:pk>/", views.message_attachment, name="demo_mailbox_attachment"),
]
