"""Which part of the demo is added when: each builds on what those before it added."""

from __future__ import annotations

from core.demo import register_demo_part
from office.demo import (
    accounting,
    bank,
    batches,
    campaigns,
    contact,
    custom,
    gifts,
    giving,
    households,
    levels,
    membership,
    merging,
    online,
    papers,
    people,
    promises,
    receipts,
    recurring_online,
    segments,
    setting,
    stripe,
    thanks,
    ties,
    volunteering,
    work,
)

# (what it is called, its place in the order, what adds it)
PARTS = (
    ("organisation", 10, setting.set_up_organisation),
    ("staff", 20, setting.add_staff),
    ("people", 30, people.add_people),
    ("funds", 40, campaigns.add_funds_and_campaigns),
    ("giving", 50, giving.add_giving),
    ("promises", 55, promises.add_promises),
    ("recurring gifts online", 56, recurring_online.add_recurring_online),
    ("membership", 60, membership.add_memberships_of_every_kind),
    ("volunteering", 70, volunteering.add_volunteering),
    ("contact", 80, contact.add_contact),
    ("households", 85, households.add_households_of_every_kind),
    ("custom", 86, custom.add_custom_values),
    ("papers", 89, papers.add_papers),
    ("receipts", 90, receipts.add_receipts),
    ("batches", 91, batches.add_batches),
    ("ties", 92, ties.add_ties),
    ("levels", 92, levels.add_levels),
    ("merges", 93, merging.add_merges),
    ("segments", 94, segments.add_segments),
    ("work", 95, work.add_work),
    ("gift stories", 96, gifts.add_gift_stories),
    ("thanks", 97, thanks.add_thanks),
    ("online", 97, online.add_online),
    ("bank", 98, bank.add_bank),
    ("what Stripe remembers", 98, stripe.add_what_stripe_remembers),
    # After everything that is dated in the past: it closes a year and opens it again.
    ("accounting", 99, accounting.add_accounting),
)


def register_parts() -> None:
    """Offer them all to `load_demo`."""
    for name, order, add in PARTS:
        register_demo_part(name, order, add)
