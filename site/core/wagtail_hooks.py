"""What core tells Wagtail: where to log, how its screens run our verbs, what stands in the menu, and how it looks."""

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.actions.registry import ActionRegistry
from wagtail.log_actions import LogActionRegistry

from core.audit.screens import AuditView, audit_menu_item
from core.audit.wagtail import register_log_model
from core.imports import hooks as import_hooks  # noqa: F401  registers itself
from core.jobs import hooks as job_hooks  # noqa: F401  registers itself
from core.mail.staff import MessageViewSet
from core.staff import bulk_pages  # noqa: F401  registers itself
from core.staff.actions import register_audited_actions
from core.staff.menu import register_menu
from core.staff.spreadsheets import make_wagtails_exports_safe
from core.theme.styleguide import staff_styleguide
from core.theme.views import theme_address

make_wagtails_exports_safe()
register_menu()
hooks.register("register_settings_menu_item", audit_menu_item)


@hooks.register("register_admin_urls")
def audit_address() -> list[URLPattern]:
    """Who did what, across all records."""
    return [path("audit/", AuditView.as_view(), name="audit")]


@hooks.register("register_log_actions", order=100)
def log_into_our_audit(registry: LogActionRegistry) -> None:
    """Our records are logged in our audit."""
    register_log_model(registry)


@hooks.register("register_actions", order=100)
def audit_what_wagtail_does(registry: ActionRegistry) -> None:
    """Wagtail's create, edit and delete of our records write old and new values."""
    register_audited_actions(registry)


@hooks.register("register_admin_viewset")
def mail_record() -> MessageViewSet:
    """Show what was sent."""
    return MessageViewSet("core_mail", url_prefix="mail")


@hooks.register("insert_global_admin_js")
def what_is_asked() -> SafeString:
    """Have every screen say when the server did not answer what a script asked."""
    script = format_html('<script type="module" src="{}"></script>', static("js/workspace.js"))
    return format_html("{}{}", render_to_string("components/no_answer.html"), script)


@hooks.register("insert_global_admin_css")
def staff_look() -> SafeString:
    """Give the staff workspace our faces, the organisation's colours, our classes and their form on a phone."""
    faces, colours, ours = ["fonts", "tokens"], theme_address(), ["staff", "phone", "asking"]
    sheets = [*(static(f"css/{name}.css") for name in faces), colours, *(static(f"css/{name}.css") for name in ours)]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((sheet,) for sheet in sheets))


if settings.DEBUG:

    @hooks.register("register_admin_urls")
    def staff_style_page() -> list[URLPattern]:
        """Show developers every part of a staff screen."""
        return [path("styleguide/", staff_styleguide, name="staff_styleguide")]
