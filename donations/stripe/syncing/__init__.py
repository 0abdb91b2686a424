"""What Stripe says, brought into our books.

Each module reads one kind of object, turns the answer into frozen facts and applies them to rows under a lock. Applying
is idempotent, and facts asked for earlier never undo later ones. `sync(id)` is what webhook, return page, `stripe_sync`
and “try again” all call.
"""
