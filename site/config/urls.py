"""The address map. The addresses themselves are promised in docs/reference/addresses.md."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.health import live, ready

urlpatterns = [
    path("health/live", live, name="health_live"),
    path("health/ready", ready, name="health_ready"),
    path("", include("core.theme.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("portal.urls")),
    # Wagtail's own sign-in is not throttled: it stands behind ours.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    re_path(r"^admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("memberships.urls")),
    path("", include("website.urls")),
    path("stripe/", include("donations.stripe.urls")),
    path("demo/", include("donations.stripe.fake.urls")),  # answers in the demo only
    path("documents/", include(wagtaildocs_urls)),
]
if settings.DEMO:
    urlpatterns += [path("demo/mailbox/", include("core.mail.urls"))]
if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
urlpatterns += [path("", include(wagtail_urls))]
