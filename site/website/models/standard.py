"""A page of words and pictures."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page


class StandardPage(Page):
    """Headings, text, pictures and quotations, in the order the editor likes."""

    lede = models.CharField(
        _("opening"), max_length=300, blank=True, help_text=_("One or two sentences in large type.")
    )
    body = StreamField(
        [
            ("heading", blocks.CharBlock(form_classname="title", label=_("Heading"))),
            ("text", blocks.RichTextBlock(features=["bold", "italic", "link", "ol", "ul", "h3"], label=_("Text"))),
            ("picture", ImageBlock(label=_("Picture"))),
            (
                "quotation",
                blocks.StructBlock(
                    [("words", blocks.TextBlock()), ("who", blocks.CharBlock(required=False))], label=_("Quotation")
                ),
            ),
        ],
        verbose_name=_("content"),
        blank=True,
    )

    template = "website/standard_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lede"), FieldPanel("body")]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
