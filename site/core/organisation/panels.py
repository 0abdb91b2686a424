"""The organisation's page under Settings: five tabs, in the order one fills them in."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import MONTHS
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface

from core.money.fields import known_currencies
from core.theme import accent_for


def _time_zones() -> list[tuple[str, str]]:
    # Places, and UTC; not the aliases and abbreviations that the database keeps for old programs.
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


def _currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in known_currencies()]


class AccentPanel(HelpPanel):
    """Shows what the chosen colour becomes on light and on dark pages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template": "wagtailadmin/steward/panels/accent.html", **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        """The panel for one organisation."""

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the shades in use."""
            chosen = type(self.instance).objects.values_list("accent_colour", flat=True).get(pk=self.instance.pk)
            return super().get_context_data(parent_context) | {
                "chosen": chosen,
                "light": accent_for(chosen, "light"),
                "dark": accent_for(chosen, "dark"),
            }


organisation_tabs = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("name"),
                FieldPanel("mission"),
                FieldPanel("email"),
                FieldPanel("phone"),
                FieldPanel("website"),
            ],
            heading=_("Identity"),
        ),
        ObjectList(
            [
                HelpPanel(_("Printed at the head of letters, receipts and statements.")),
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postal_code"), FieldPanel("city")]),
                FieldRowPanel([FieldPanel("region"), FieldPanel("country")]),
            ],
            heading=_("Address"),
        ),
        ObjectList(
            [
                MultiFieldPanel(
                    [FieldPanel("legal_name"), FieldPanel("registration_number"), FieldPanel("regime")],
                    heading=_("Registration"),
                    help_text=_("Official receipts follow the law of the country named here. Ask your treasurer."),
                ),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("signatory_name"), FieldPanel("signatory_title")]),
                        FieldPanel("signature"),
                    ],
                    heading=_("Signature"),
                ),
            ],
            heading=_("Legal and receipts"),
        ),
        ObjectList(
            [
                HelpPanel(
                    _(
                        "Currency and time zone are fixed once the first gift is posted: every total and every date "
                        "on record depends on them."
                    )
                ),
                FieldPanel("base_currency", widget=forms.Select(choices=lazy(_currencies, list)())),
                FieldPanel("time_zone", widget=forms.Select(choices=lazy(_time_zones, list)())),
                FieldPanel("fiscal_year_start_month", widget=forms.Select(choices=list(MONTHS.items()))),
            ],
            heading=_("Money and time"),
        ),
        ObjectList(
            [
                FieldPanel("logo"),
                FieldPanel("accent_colour", widget=forms.TextInput(attrs={"type": "color"})),
                AccentPanel(),
            ],
            heading=_("Look"),
        ),
    ]
)
