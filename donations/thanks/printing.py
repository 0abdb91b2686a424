"""Many letters as one file: made, printed, taken back. While they are being made nobody else prints the same letters.

A letter is words on paper, not thanks: donors count as thanked when somebody says that the letters are printed.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.documents import Bundle, Document, DocumentError, bind, enclose
from core.jobs import Progress
from donations.errors import ThanksError
from donations.models import (
    Acknowledgement,
    PrintState,
    ReceiptWith,
    ThankedBy,
    ThankYouRun,
    ThankYouTemplate,
    Together,
)
from donations.services.receipt_files import receipt_bytes
from donations.thanks.drawing import letter_document
from donations.thanks.enclosing import receipts_with
from donations.thanks.letters import Letter, Writer, plan_letters
from donations.thanks.thanking import thank, wait_again

#: Letters drawn between two checkpoints: a second's work, and little memory.
STEP = 100
#: How long printed letters can be looked at again.
KEPT = dt.timedelta(days=30)


@transaction.atomic
def open_run(
    gifts: Iterable[int],
    *,
    by: User | None,
    together: str = Together.HOUSEHOLD,
    receipt: str = "",
    template: ThankYouTemplate | None = None,
    issues_receipts: bool = False,
) -> ThankYouRun:
    """Set gifts that wait for thanks apart for letters, planned in postal order; `draw_run` has to follow.

    Gifts that somebody else is printing letters for, or that have been thanked for since, are left alone. Raises
    ThanksError when no letter is left to be written, saying why.
    """
    rows = Acknowledgement.objects.select_for_update().order_by("pk").waiting().filter(run=None, gift__in=list(gifts))
    waiting = {row.gift_id: row for row in rows}
    plan = plan_letters(waiting, together=together, on=clock.today())
    if not plan.letters:
        why = plan.left_out[0][1] if plan.left_out else _("they have been thanked for, or are being printed already.")
        raise ThanksError(_("No letter can be written: %(why)s") % {"why": why})
    run = ThankYouRun.objects.create(
        together=together,
        receipt=receipt,
        template=template,
        issues_receipts=issues_receipts,
        plan=plan.letters,
        left_out=plan.left_out,
        letters=len(plan.letters),
        made_by=by,
        made_at=clock.now(),
    )
    keys = [waiting[gift].pk for gifts in plan.letters for gift in gifts]
    for start in range(0, len(keys), 500):
        Acknowledgement.objects.filter(pk__in=keys[start : start + 500]).update(run=run)
    facts = {"letters": run.letters, "gifts": plan.gifts, "left_out": len(plan.left_out)}
    audit.record("thanks.run_opened", run, by=by, new=facts)
    return run


def draw_run(run: ThankYouRun, progress: Progress | None = None) -> ThankYouRun:
    """Draw the letters of a run some at a time and put them together as one file. Goes on where it was cut off."""
    if run.state != PrintState.DRAWING:
        return run
    writer = Writer(template=run.template)
    saved = progress.saved if progress is not None else {}
    drawn, pages = saved.get("drawn", 0), saved.get("pages", 0)
    if progress is not None:
        progress.total(run.letters)
    while drawn < run.letters:
        step = run.plan[drawn : drawn + STEP]
        content, count, refused = _draw_step(run, writer, step)
        _keep(run, _part(run, drawn), content)
        drawn, pages = drawn + len(step), pages + count
        with transaction.atomic():
            _release(run, refused)
            if progress is not None:
                progress.checkpoint({"drawn": drawn, "pages": pages}, advance=len(step))
    return _finish(run, pages)


def _draw_step(run: ThankYouRun, writer: Writer, step: list[list[int]]) -> tuple[bytes, int, list[tuple[int, str]]]:
    """Return the file of some letters, its pages, and the gifts whose letter cannot be printed."""
    today = clock.local_date(run.made_at)
    letters: list[tuple[Letter, Document]] = []
    refused: list[tuple[int, str]] = []
    for letter in writer.letters(step, together=run.together, on=today):
        try:
            letters.append((letter, letter_document(letter, date=today, receipt=run.receipt)))
        except DocumentError as error:
            refused += [(gift.pk, str(error)) for gift in letter.gifts]
    _note_templates([letter for letter, _document in letters])
    bundle = Bundle(_("Letters of thanks"))
    counts = [bundle.add(document) for _letter, document in letters]
    content = bundle.render()
    enclosures = [_enclosures(run, letter) for letter, _document in letters]
    more = 0
    if any(enclosures):
        content, more = enclose(content, counts, enclosures)
    return content, sum(counts) + more, refused


def _enclosures(run: ThankYouRun, letter: Letter) -> list[bytes]:
    if (run.receipt or letter.template.receipt) != ReceiptWith.ENCLOSED:
        return []
    return [receipt_bytes(each) for each in receipts_with(letter, by=run.made_by, issue=run.issues_receipts)]


def _note_templates(letters: Iterable[Letter]) -> None:
    """Remember by which words each gift is thanked for."""
    by_template: dict[int, list[int]] = {}
    for letter in letters:
        if letter.template.pk:
            by_template.setdefault(letter.template.pk, []).extend(gift.pk for gift in letter.gifts)
    for template, gifts in by_template.items():
        Acknowledgement.objects.filter(gift__in=gifts).waiting().update(template=template)


def _release(run: ThankYouRun, refused: list[tuple[int, str]]) -> None:
    if refused:
        run.left_out = [*run.left_out, *refused]
        run.save(update_fields=["left_out"])
        Acknowledgement.objects.filter(run=run, gift__in=[gift for gift, _why in refused]).update(run=None)


def _part(run: ThankYouRun, drawn: int) -> str:
    return f"thanks/{run.uuid}/part-{drawn:06}.pdf"


def _keep(run: ThankYouRun, name: str, content: bytes) -> None:
    storage = run.file.storage
    storage.delete(name)
    storage.save(name, ContentFile(content))


def _finish(run: ThankYouRun, pages: int) -> ThankYouRun:
    storage = run.file.storage
    names = [_part(run, drawn) for drawn in range(0, run.letters, STEP)]

    def parts() -> Iterable[bytes]:
        for name in names:
            with storage.open(name, "rb") as file:
                if content := file.read():
                    yield content

    with tempfile.TemporaryFile() as out:
        bind(parts(), out)
        out.seek(0)
        storage.delete(f"thanks/{run.uuid}/{_file_name(run)}")
        run.file.save(_file_name(run), File(out), save=False)
    run.pages, run.state = pages, PrintState.READY
    # Unless it was discarded while it was drawn.
    updated = ThankYouRun.objects.filter(pk=run.pk, state=PrintState.DRAWING).update(
        pages=pages, state=PrintState.READY, file=run.file.name
    )
    for name in names:
        storage.delete(name)
    if not updated:
        run.file.delete(save=False)
        run.refresh_from_db()
    return run


def _file_name(run: ThankYouRun) -> str:
    return f"letters-{clock.local_date(run.made_at).isoformat()}-{run.pk}.pdf"


def _locked(run: ThankYouRun, *states: str) -> ThankYouRun:
    locked = ThankYouRun.objects.select_for_update().get(pk=run.pk)
    if locked.state not in states:
        raise ThanksError(
            _("These letters are: %(state)s. That cannot be done with them now.")
            % {"state": locked.get_state_display().lower()}
        )
    return locked


@transaction.atomic
def confirm_printed(run: ThankYouRun, *, by: User | None) -> ThankYouRun:
    """Note that the letters are printed: every donor who still waits is thanked by letter, now.

    Raises ThanksError unless the letters are there to be printed.
    """
    run = _locked(run, PrintState.READY)
    run.state, run.settled_at, run.settled_by = PrintState.PRINTED, clock.now(), by
    run.save(update_fields=["state", "settled_at", "settled_by"])
    rows = list(run.acknowledgements.waiting().select_related("template").order_by("pk"))
    templates = {row.gift_id: row.template for row in rows if row.template}
    done = thank([row.gift_id for row in rows], how=ThankedBy.LETTER, by=by, templates=templates)
    audit.record("thanks.run_printed", run, by=by, new={"letters": run.letters, "gifts": len(done)})
    return run


@transaction.atomic
def take_back_printed(run: ThankYouRun, *, by: User | None) -> ThankYouRun:
    """Note that the letters are not printed after all: their donors wait again, and the file can be printed once more.

    Raises ThanksError unless they were noted as printed.
    """
    run = _locked(run, PrintState.PRINTED)
    run.state, run.settled_at, run.settled_by = PrintState.READY, None, None
    run.save(update_fields=["state", "settled_at", "settled_by"])
    rows = run.acknowledgements.filter(how=ThankedBy.LETTER)
    back = wait_again(list(rows.values_list("gift_id", flat=True)), by=by, keep_run=True)
    audit.record("thanks.run_taken_back", run, by=by, new={"gifts": len(back)})
    return run


@transaction.atomic
def discard_run(run: ThankYouRun, *, by: User | None) -> ThankYouRun:
    """Throw away letters that were not printed: their gifts go back to the queue.

    Raises ThanksError for letters that were printed: take that back first.
    """
    run = _locked(run, PrintState.DRAWING, PrintState.READY)
    run.state, run.settled_at, run.settled_by = PrintState.DISCARDED, clock.now(), by
    run.acknowledgements.waiting().update(run=None, template=None)
    if run.file:
        run.file.delete(save=False)
    run.save(update_fields=["state", "settled_at", "settled_by", "file"])
    audit.record("thanks.run_discarded", run, by=by, new={"letters": run.letters})
    return run


def forget_files(*, now: dt.datetime) -> int:
    """Take away the files of letters that were printed a month ago; returns how many. Run by the clock."""
    old = ThankYouRun.objects.filter(state=PrintState.PRINTED, settled_at__lt=now - KEPT).exclude(file="")
    count = 0
    for run in old:
        run.file.delete(save=True)
        count += 1
    return count
