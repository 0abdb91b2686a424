"""What thanks tell Wagtail; imported by donations.wagtail_hooks."""

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from donations.staff.thank_constituent import thank_constituent
from donations.staff.thank_you_runs import ThankYouRunViewSet, run_file
from donations.staff.thank_you_templates import ThankYouTemplateViewSet, preview
from donations.staff.thanks import thanks_viewset
from donations.staff.thanks_bulk import BULK_ACTIONS
from donations.staff.thanks_report import TimeToThankView
from donations.staff.thanks_verbs import letter_file
from donations.staff.tribute_letters import PrintNotices


@hooks.register("register_admin_viewset")
def thanks_viewsets() -> list[ViewSet]:
    """The queue, the letters made together, the templates."""
    return [
        thanks_viewset,
        ThankYouRunViewSet("thank_you_runs", url_prefix="thanks-letters"),
        ThankYouTemplateViewSet("thank_you_templates", url_prefix="thanks-templates"),
    ]


@hooks.register("register_admin_urls")
def thanks_addresses() -> list[URLPattern]:
    """Letters and their previews, a person to thank, the report."""
    return [
        path("thanks/letter/<int:pk>/", letter_file, name="thanks_letter"),
        path("thanks/preview/", preview, name="thanks_preview"),
        path("thanks/for/<int:pk>/", thank_constituent, name="thank_constituent"),
        path("thanks-letters/<int:pk>/file/", run_file, name="thank_you_run_file"),
        path("reports/time-to-thank/", TimeToThankView.as_view(), name="time_to_thank"),
    ]


@hooks.register("insert_global_admin_css")
def thanks_styles() -> SafeString:
    """How a letter looks on the screen."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/thanks.css"))


for _action in (*BULK_ACTIONS, PrintNotices):
    hooks.register("register_bulk_action", _action)
