"""What the search box looks in: one row of tokens for each constituent, and the words names are made of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What one constituent is found by. Kept by `services.search_text`; the databases index it (`search.indexes`)."""

    constituent = models.OneToOneField(
        "constituents.Constituent", primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    tokens = models.TextField(help_text=_("Such as n:lee p:sw1a1aa, each once, with one space between."))
    emails = models.TextField(blank=True, help_text=_("The addresses in lower case, for parts from their middle."))

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return self.tokens


class SearchWord(models.Model):
    """A word that stands in somebody's name: what a misspelt word is compared with.

    Not unique: two imports at one time need not wait for each other, and a word that is there twice does no harm.
    """

    word = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name = _("word in names")
        verbose_name_plural = _("words in names")

    def __str__(self) -> str:
        return self.word
