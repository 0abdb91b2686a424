"""AuditEntry: that something happened. AuditPayload: what it says; erasure may remove it. AuditHead: the chain's tip.

The column names are those Wagtail's log registry asks of a log entry, so that its own screens read ours.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.fields.json import KeyTextTransform
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import get_active_log_context
from wagtail.models.audit_log import LogEntryQuerySet

from core.audit.canonical import commit, plain
from core.audit.drafts import Draft
from core.audit.verbs import verb_name
from core.clock import now
from core.sets import insert_values

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


def content_type_of(instance: models.Model) -> ContentType:
    """Return the content type entries about the record are filed under (proxies and lazy users as their real model)."""
    return ContentType.objects.get_for_model(instance)


class AuditEntryQuerySet(LogEntryQuerySet):
    """Reads of the audit."""

    def for_instance(self, instance: models.Model) -> AuditEntryQuerySet:
        """Return what was done to the record, and what was done elsewhere that belongs in its history.

        A record that others were merged into names them in `lineage_ids`: their history is its own.
        """
        kind = content_type_of(instance)
        keys = [str(key) for key in getattr(instance, "lineage_ids", [instance.pk])]
        return self.filter(
            models.Q(content_type=kind, object_id__in=keys) | models.Q(about_content_type=kind, about_id__in=keys)
        )

    def readable(self) -> AuditEntryQuerySet:
        """Fetch with each entry what its line on a screen needs, in one query."""
        return self.select_related("payload", "content_type", "user", "user__wagtail_userprofile")

    def unsealed(self) -> AuditEntryQuerySet:
        """Return the entries that have no number yet, oldest first."""
        return self.filter(sequence__isnull=True).order_by("pk")

    def sealed(self) -> AuditEntryQuerySet:
        """Return the chain, from its first link."""
        return self.filter(sequence__isnull=False).order_by("sequence")

    def latest_by_uuid_and_action(self) -> AuditEntryQuerySet:
        """Return everything. Wagtail folds entries of one request together here, and would hide changes."""
        return self

    def viewable_by_user(self, user: AbstractUser) -> AuditEntryQuerySet:
        """Return what the user's roles may read across records: all or nothing."""
        if not user.has_perm("core.view_auditentry"):
            return self.none()
        # Wagtail's site history filters by `label`.
        return self.annotate(label=KeyTextTransform("label", "payload__data"))


class AuditEntryManager(models.Manager.from_queryset(AuditEntryQuerySet)):  # type: ignore[misc]
    """Writes entries: the only way one comes to be."""

    def write(self, drafts: Iterable[Draft], *, batch_size: int = 1_000) -> list[AuditEntry]:
        """Write the entries in two statements a batch. Raises ValueError for a record that has no key yet."""
        built = [self._build(draft) for draft in drafts]
        entries = [payload.entry for payload in built]
        with transaction.atomic(savepoint=False):
            self.bulk_create(entries, batch_size=batch_size)
            for payload in built:
                payload.entry_id = payload.entry.pk
            insert_values(
                AuditPayload,
                [{"entry_id": payload.entry_id, "salt": payload.salt, "data": payload.data} for payload in built],
            )
        return entries

    def _build(self, draft: Draft) -> AuditPayload:
        if draft.obj.pk is None:
            raise ValueError(f"{draft.verb}: save the record before its audit entry.")
        data, salt = plain(draft.data), secrets.token_hex(16)
        entry = AuditEntry(
            timestamp=now(),
            action=draft.verb,
            user_id=draft.actor.pk if draft.actor else None,
            content_type=content_type_of(draft.obj),
            object_id=str(draft.obj.pk),
            about_content_type=content_type_of(draft.about) if draft.about else None,
            about_id=str(draft.about.pk) if draft.about else "",
            uuid=get_active_log_context().uuid,
            deleted=draft.deleted,
            commitment=commit(salt, data),
        )
        return AuditPayload(entry=entry, salt=salt, data=data)

    def log_action(self, instance: models.Model, action: str, **kwargs: Any) -> AuditEntry:
        """Record an action that Wagtail took on one of our records; the shape of the call is Wagtail's."""
        data = kwargs.get("data") or {}
        return self.write(
            [
                Draft(
                    verb=action,
                    obj=instance,
                    by=kwargs.get("user"),
                    old=data.get("old"),
                    new=data.get("new", data),
                    deleted=kwargs.get("deleted", False),
                )
            ]
        )[0]


class AuditEntry(models.Model):
    """One thing somebody (or the clock) did to one record. Never changed, never deleted."""

    timestamp = models.DateTimeField(_("when"))
    action = models.CharField(_("what"), max_length=100, help_text=_("The verb, such as gift.posted."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        # The entry outlives the account, and nothing may change it.
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        help_text=_("Empty: Steward itself, on the clock."),
    )
    content_type = models.ForeignKey(
        ContentType,
        verbose_name=_("kind of record"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    object_id = models.CharField(_("record"), max_length=64)
    about_content_type = models.ForeignKey(
        ContentType,
        verbose_name=_("kind of record it is about"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    about_id = models.CharField(
        _("record it is about"),
        max_length=64,
        blank=True,
        help_text=_("Whose history also shows this: the donor, for a gift."),
    )
    uuid = models.UUIDField(_("request"), null=True, blank=True, help_text=_("Shared by what one request did."))
    deleted = models.BooleanField(_("deleted"), default=False)
    commitment = models.CharField(
        _("commitment"), max_length=64, help_text=_("A salted hash of the payload, which binds it without showing it.")
    )

    sequence = models.PositiveBigIntegerField(_("number"), null=True, blank=True, unique=True)
    previous_hash = models.CharField(_("hash before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, blank=True)

    objects = AuditEntryManager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-timestamp", "-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["content_type", "object_id", "-timestamp"], name="core_audit_object"),
            models.Index(fields=["about_content_type", "about_id", "-timestamp"], name="core_audit_about"),
            models.Index(fields=["-timestamp", "-id"], name="core_audit_when"),
            models.Index(fields=["action", "-timestamp"], name="core_audit_action"),
            models.Index(fields=["id"], name="core_audit_unsealed", condition=models.Q(sequence__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sequence__isnull=True, hash="") | models.Q(sequence__gte=1) & ~models.Q(hash=""),
                name="core_audit_sealed_whole",
                violation_error_message=_("An audit entry has both its number and its hash, or neither."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.message}: {self.label}"

    def is_of(self, instance: models.Model) -> bool:
        """Return whether the entry is of the record itself, not only about it."""
        return self.content_type_id == content_type_of(instance).pk and self.object_id == str(instance.pk)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The payload's words and values; empty once erased."""
        try:
            return self.payload.data
        except AuditPayload.DoesNotExist:
            return {}

    @property
    def label(self) -> str:
        """What the record was called at the time."""
        return self.data.get("label") or gettext("(erased)")

    @property
    def reason(self) -> str:
        """Why, in the actor's words; often empty."""
        return self.data.get("reason", "")

    @property
    def old(self) -> dict[str, Any]:
        """The values before."""
        return self.data.get("old") or {}

    @property
    def new(self) -> dict[str, Any]:
        """The values after."""
        return self.data.get("new") or {}

    @property
    def message(self) -> str:
        """What happened, in words."""
        return verb_name(self.action)

    @property
    def user_display_name(self) -> str:
        """Who did it, by the name they had then."""
        if self.user_id is None:
            return gettext("Steward")
        return self.data.get("actor") or gettext("(erased)")

    # What else Wagtail's screens ask of a log entry.
    content_changed = True
    revision_id = None
    comment = ""

    @property
    def formatter(self) -> AuditEntry:
        """The entry speaks for itself."""
        return self

    def format_message(self, entry: AuditEntry) -> str:
        """Return what happened, in words."""
        return entry.message

    def format_comment(self, entry: AuditEntry) -> str:
        """Return why."""
        return entry.reason

    @property
    def object_verbose_name(self) -> str:
        """The kind of record, in words."""
        model = self.content_type.model_class()
        return str(model._meta.verbose_name) if model else self.content_type.model


class AuditPayload(models.Model):
    """What an entry says: names, values before and after, the reason. Removed when the person is erased."""

    entry = models.OneToOneField(
        AuditEntry, verbose_name=_("entry"), primary_key=True, on_delete=models.CASCADE, related_name="payload"
    )
    salt = models.CharField(
        _("salt"), max_length=32, help_text=_("Without it nobody can guess an erased payload from its commitment.")
    )
    data = models.JSONField(_("data"), help_text=_("label, actor, reason, old, new."))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("audit payload")
        verbose_name_plural = _("audit payloads")
        default_permissions = ()

    def __str__(self) -> str:
        return self.data.get("label", "")


class AuditHead(models.Model):
    """The chain's last link: what the one sealer locks, and what shows that nothing was cut off the end."""

    sequence = models.PositiveBigIntegerField(_("number"), default=0)
    hash = models.CharField(_("hash"), max_length=64, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("audit head")
        verbose_name_plural = _("audit head")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="core_audit_one_head",
                violation_error_message=_("The audit has one head."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"
