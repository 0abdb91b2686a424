"""Wagtail looks up its create, edit and delete in a registry: here ours stand in it, and nowhere else.

Without a verb they save the form and write one audit entry with old and new values. With one they call the verb,
which does its own saving and auditing:

    create(*, by, **cleaned_data) -> instance
    edit(instance, *, by, **changed_data) -> instance
    delete(instance, *, by) -> None

`instance` is fresh from the database: the form has not touched it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.db import transaction
from django.db.models import Model
from wagtail.actions.create import CreateAction
from wagtail.actions.delete import DeleteAction
from wagtail.actions.edit import EditAction
from wagtail.actions.registry import ActionRegistry, action_registry

from core.audit import changes, record, snapshot
from core.audit.wagtail import audited_models

Verb = Callable[..., Any]
VerbName = Literal["create", "edit", "delete"]


def _verb_of(instance: Model, past: str) -> str:
    return f"{instance._meta.model_name}.{past}"


def _fields(instance: Model, form: Any) -> list[str]:
    """Name what to compare: every column, and the many-to-many fields that the form may change."""
    columns = [field.name for field in instance._meta.concrete_fields if not field.primary_key]
    asked = set(form.fields) if form is not None else set()
    return columns + [field.name for field in instance._meta.many_to_many if field.name in asked]


class AuditedCreate(CreateAction):
    """Create by the form, or by the verb, with an audit entry."""

    verb: Verb | None = None
    instance: Model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"log_action": None})

    @transaction.atomic
    def _create(self, skip_permission_checks: bool = False) -> Model:
        verb = type(self).verb
        if verb is None or self.form is None:
            instance = super()._create(skip_permission_checks)
            values = {k: v for k, v in snapshot(instance, _fields(instance, self.form)).items() if v not in (None, "")}
            record(_verb_of(instance, "created"), instance, by=self.user, new=values)
            return instance
        self._clean_instance()
        self.instance = verb(by=self.user, **self.form.cleaned_data)
        self.form.instance = self.instance  # Wagtail's view reads the outcome there
        return self.instance


class AuditedEdit(EditAction):
    """Change by the form, or by the verb, with an audit entry of what changed."""

    verb: Verb | None = None
    instance: Model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"log_action": None})

    @transaction.atomic
    def _edit(self, skip_permission_checks: bool = False) -> Model:
        verb = type(self).verb
        stored = type(self.instance)._base_manager.select_for_update(of=("self",)).get(pk=self.instance.pk)
        if verb is None or self.form is None:
            names = _fields(stored, self.form)
            before = snapshot(stored, names)
            instance = super()._edit(skip_permission_checks)
            old, new = changes(before, snapshot(instance, names))
            if old or new:
                record(_verb_of(instance, "changed"), instance, by=self.user, old=old, new=new)
            return instance
        self._clean_instance()
        changed = {name: self.form.cleaned_data[name] for name in self.form.changed_data}
        if changed:
            stored = verb(stored, by=self.user, **changed) or stored
        self.instance = self.form.instance = stored
        return self.instance


class AuditedDelete(DeleteAction):
    """Delete, or run the verb that stands for it, with an audit entry of what went."""

    verb: Verb | None = None
    instance: Model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"log_action": None})

    @transaction.atomic
    def _delete(self) -> Any:
        if (verb := type(self).verb) is not None:
            return verb(self.instance, by=self.user)
        values = {name: value for name, value in snapshot(self.instance).items() if value not in (None, "")}
        record(_verb_of(self.instance, "deleted"), self.instance, by=self.user, old=values, deleted=True)
        return super()._delete()


_ACTIONS: dict[str, type] = {"create": AuditedCreate, "edit": AuditedEdit, "delete": AuditedDelete}


def register_audited_actions(registry: ActionRegistry) -> None:
    """Stand in for Wagtail's actions on every record of ours (hook `register_actions`); verbs already there stay."""
    for model in audited_models():
        for name, action in _ACTIONS.items():
            if name not in registry.actions.get(model, {}):
                registry.register(model, action)


def register_verbs(model: type[Model], verbs: dict[VerbName, Verb]) -> None:
    """Make Wagtail's create, edit or delete of the model run the verbs."""
    for name, verb in verbs.items():
        base = _ACTIONS[name]
        action_registry.register(model, type(f"{model.__name__}{base.__name__}", (base,), {"verb": staticmethod(verb)}))
