"""Carrying out a plan, and reading its journal backwards.

Undoing touches only what still is as the merge left it. Whatever changed since stays, and the row says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from constituents.merging.plan import column_of, snapshot, stored
from constituents.models import Merge, MergeMove, MoveKind

_CHUNK = 500

# Says for moves that undoing would take back which have to stay after all, and why: `{move.pk: sentence}`.
HoldBack = Callable[[Merge, list[MergeMove]], Mapping[int, str]]
_hold_backs: dict[str, list[HoldBack]] = {}


def hold_back(model_label: str, reasons: HoldBack) -> None:
    """Let an app name rows of a model that cannot go back when a merge is undone; called from AppConfig.ready()."""
    known = _hold_backs.setdefault(model_label, [])
    if reasons not in known:
        known.append(reasons)


def carry_out(merge: Merge, moves: Sequence[MergeMove]) -> None:
    """Do what the plan says, row by row or set by set, and keep the plan as the merge's journal."""
    for same, group in _runs(moves):
        if same[0] == MoveKind.MOVED:
            _write(group[0], [move.row for move in group], group[0].new)
        else:
            for move in group:
                _carry_out_one(move)
    for move in moves:
        move.merge = merge
    MergeMove.objects.bulk_create(moves, batch_size=_CHUNK)


def _carry_out_one(move: MergeMove) -> None:
    model = _model(move)
    if move.kind == MoveKind.CHANGED:
        _write(move, [move.row], move.new)
    elif move.kind == MoveKind.REMOVED:
        model._base_manager.filter(pk=move.row).delete()
    elif move.kind == MoveKind.CREATED:
        row = _row_of(model, None, move.new)
        row.save(force_insert=True)
        move.row, move.new = row.pk, snapshot(row)


def take_back(merge: Merge) -> list[MergeMove]:
    """Put every row back that still is as the merge left it; returns the moves that had to stay, each with a reason."""
    moves = [move for move in merge.moves.order_by("-position") if move.kind != MoveKind.STAYED]
    for move in moves:
        move.left = ""
    _ask_who_stays(merge, moves)
    for same, group in _runs(moves):
        going = [move for move in group if not move.left]
        if same[0] == MoveKind.MOVED:
            _take_back_moved(going)
        else:
            for move in going:
                _take_back_one(move)
    left = [move for move in moves if move.left]
    MergeMove.objects.bulk_update(left, ["left"], batch_size=_CHUNK)
    return left


def _ask_who_stays(merge: Merge, moves: Sequence[MergeMove]) -> None:
    for label, asked in _hold_backs.items():
        mine = [move for move in moves if move.model == label]
        held = [reasons(merge, mine) for reasons in asked] if mine else []
        for move in mine:
            why = (reasons[move.pk] for reasons in held if move.pk in reasons)
            move.left = next(why, "")[:300]


def _runs(moves: Iterable[MergeMove]) -> Iterator[tuple[tuple[str, str, str], list[MergeMove]]]:
    """Yield neighbours of one kind, model and relation together: gifts in their thousands go in a few statements."""
    for same, group in groupby(moves, key=lambda move: (move.kind, move.model, move.field)):
        yield same, list(group)


def _take_back_moved(moves: Sequence[MergeMove]) -> None:
    if not moves:
        return
    model = _model(moves[0])
    column, here = next(iter(moves[0].new.items()))
    there = moves[0].old[column]
    keys = [move.row for move in moves]
    where: dict[int, Any] = {}
    for chunk in _chunks(keys):
        where.update(model._base_manager.filter(pk__in=chunk).values_list("pk", column))
    for move in moves:
        if move.row not in where:
            move.left = _("It is no longer there.")
        elif where[move.row] != here:
            move.left = _("It was moved on since.")
    going = [move for move in moves if not move.left]
    try:
        with transaction.atomic():
            _write(moves[0], [move.row for move in going], {column: there})
    except IntegrityError:
        for move in going:
            _guarded(move, partial(_write, move, [move.row], move.old))


def _take_back_one(move: MergeMove) -> None:
    if move.kind == MoveKind.CHANGED:
        _take_back_changed(move)
    elif move.kind == MoveKind.REMOVED:
        whole = _row_of(_model(move), move.row, move.old)
        if _model(move)._base_manager.filter(pk=move.row).exists():
            move.left = _("It is there again already.")
        else:
            _guarded(move, partial(whole.save_base, raw=True, force_insert=True))
    elif move.kind == MoveKind.CREATED:
        row = _model(move)._base_manager.filter(pk=move.row).first()
        if row is not None and snapshot(row) == move.new:
            _guarded(move, row.delete)
        elif row is not None:
            move.left = _("It was changed since.")


def _take_back_changed(move: MergeMove) -> None:
    row = _model(move)._base_manager.filter(pk=move.row).first()
    if row is None:
        move.left = _("It is no longer there.")
        return
    as_merged = {name for name, value in move.new.items() if stored(row, name, getattr(row, name)) == value}
    back = {name: value for name, value in move.old.items() if name in as_merged}
    if back:
        _guarded(move, lambda: _write(move, [move.row], back))
    if len(back) < len(move.old) and not move.left:
        names = [str(column_of(row, name).verbose_name) for name in move.old if name not in back]
        move.left = (_("Changed since, and left alone: %(fields)s.") % {"fields": ", ".join(names)})[:300]


def _guarded(move: MergeMove, write: Callable[[], Any]) -> None:
    """Write unless a rule of the database stands against it, because of something that came since."""
    try:
        with transaction.atomic():
            write()
    except (IntegrityError, models.ProtectedError, models.RestrictedError):
        move.left = _("Something entered since stands in its place.")


def _write(move: MergeMove, keys: Sequence[int | None], values: Mapping[str, Any]) -> None:
    """Write columns of rows by their keys, past the model's own `save()`: nothing but these columns changes."""
    model = _model(move)
    typed = {column_of(model, name).name: column_of(model, name).to_python(value) for name, value in values.items()}
    for chunk in _chunks(keys):
        model._base_manager.filter(pk__in=chunk).update(**typed)


def _row_of(model: type[models.Model], key: int | None, values: Mapping[str, Any]) -> models.Model:
    typed = {name: column_of(model, name).to_python(value) for name, value in values.items()}
    return model(pk=key, **typed) if key is not None else model(**typed)


def _model(move: MergeMove) -> type[models.Model]:
    return apps.get_model(move.model)


def _chunks(keys: Sequence[int | None]) -> Iterator[Sequence[int | None]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
