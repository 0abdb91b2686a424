"""What each role may do about giving. Whoever sees giving proves with a second factor who they are."""

from accounts.roles import Role, allow, needs_second_factor

_LOOK = (
    "donations.view_giving",
    "donations.view_gift",
    "donations.view_receipt",
    "donations.view_printedreceipts",
    "donations.view_bankcredit",
    "donations.view_bankstatement",
    "donations.view_fund",
    "donations.view_campaign",
    "donations.view_appeal",
    "donations.view_batch",
    "donations.view_batchtemplate",
    "donations.view_match",
    "donations.view_tributenotice",
)
_ENTER = ("donations.add_gift", "donations.change_gift", "donations.post_gift", "donations.issue_receipt")
_BATCHES = (
    "donations.add_batch",
    "donations.change_batch",
    "donations.post_batch",
    "donations.export_batch",
    "donations.add_batchtemplate",
    "donations.change_batchtemplate",
    "donations.delete_batchtemplate",
)
_LOOK_INTO_THE_BOOKS = ("donations.view_closedperiod", "donations.view_journalexport", "donations.view_account")
_KEEP_THE_BOOKS = ("donations.close_period", "donations.export_journal", "donations.change_account")
_ENTER_WITH = ("donations.change_match", "donations.export_match", "donations.export_tributenotice")
_RULES = (
    "donations.view_matchingrule",
    "donations.add_matchingrule",
    "donations.change_matchingrule",
    "donations.delete_matchingrule",
    "donations.export_matchingrule",
)
_CORRECT = (
    "donations.apply_bankcredit",
    "donations.export_bankcredit",
    "donations.view_bankaccount",
    "donations.adjust_gift",
    "donations.void_gift",
    "donations.void_receipt",
    "donations.export_gift",
    "donations.export_receipt",
)
_SET_UP = (
    "donations.add_campaign",
    "donations.change_campaign",
    "donations.export_campaign",
    "donations.add_appeal",
    "donations.change_appeal",
    "donations.export_appeal",
)

for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.READ_ONLY):
    allow(_role, *_LOOK)
for _role in (Role.ADMINISTRATOR, Role.GIFT_PROCESSOR):
    allow(_role, *_ENTER, *_ENTER_WITH, *_BATCHES, *_CORRECT, *_LOOK_INTO_THE_BOOKS, *_KEEP_THE_BOOKS)
allow(Role.READ_ONLY, *_LOOK_INTO_THE_BOOKS)
# Whoever enters gifts may close what is done; what was closed is opened again by somebody else.
allow(Role.ADMINISTRATOR, "donations.reopen_period")
allow(Role.FUNDRAISER, "donations.add_gift", "donations.export_gift", *_SET_UP)
allow(
    Role.ADMINISTRATOR,
    "donations.add_bankaccount",
    "donations.change_bankaccount",
    "donations.delete_bankaccount",
    *_SET_UP,
    *_RULES,
    # Whoever supervises says why a batch is posted that does not agree.
    "donations.override_batch",
    "donations.add_fund",
    "donations.change_fund",
    "donations.delete_fund",
    "donations.export_fund",
    "donations.delete_campaign",
    "donations.delete_appeal",
    "donations.view_exchangerate",
    "donations.add_exchangerate",
    "donations.change_exchangerate",
    "donations.delete_exchangerate",
    "donations.view_receiptsettings",
    "donations.change_receiptsettings",
)
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.READ_ONLY):
    allow(_role, "donations.view_donorstanding", "donations.view_ladder")
allow(Role.FUNDRAISER, "donations.export_donorstanding")
allow(
    Role.ADMINISTRATOR,
    "donations.export_donorstanding",
    "donations.add_ladder",
    "donations.change_ladder",
    "donations.delete_ladder",
)
# The board reads figures, campaigns and funds, not who gave what.
allow(Role.BOARD_READER, "donations.view_fund", "donations.view_campaign", "donations.view_appeal")

needs_second_factor("donations.view_giving", "donations.view_gift", "donations.view_receipt", "donations.view_batch")
needs_second_factor("donations.view_match", "donations.view_tributenotice")

# Online giving: whoever sees giving sees how it was paid; who keeps the books says what is unclear and gives back.
_LOOK_ONLINE = (
    "donations.view_onlinepayment",
    "donations.view_onlinerefund",
    "donations.view_dispute",
    "donations.view_fraudwarning",
    "donations.view_payout",
)
_KEEP_ONLINE = (
    "donations.resolve_onlinepayment",
    "donations.export_onlinepayment",
    "donations.export_payout",
    "donations.sync_payout",
    "donations.view_stripeevent",
    "donations.retry_stripeevent",
)
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.READ_ONLY):
    allow(_role, *_LOOK_ONLINE)
for _role in (Role.ADMINISTRATOR, Role.GIFT_PROCESSOR):
    allow(_role, *_KEEP_ONLINE)
# Who sets online giving up also reads what an event carried: it may be about people who are no donors.
allow(Role.ADMINISTRATOR, "donations.change_onlinegivingsettings")
needs_second_factor("donations.view_onlinepayment", "donations.view_payout", "donations.view_dispute")
