"""The website's part of the demo: words of its own on the home page, and where to send the money."""

from core.demo import DemoPlan
from core.organisation import current_organisation
from website import figures
from website.models import GivingPage, HomePage

#: What the organisation's money is called in the middle of a sentence, in English and in French.
_MONEY = {
    "USD": ("dollars", "dollars"),
    "CAD": ("dollars", "dollars"),
    "GBP": ("pounds", "livres"),
    "EUR": ("euros", "euros"),
}


def dress_pages(plan: DemoPlan) -> dict[str, int]:
    """Give the first pages Harbour Light's own words."""
    pages = 0
    for home in HomePage.objects.all():
        home.headline = "There is always a light on by the harbour"
        home.lede = (
            "Five evenings a week the kitchen cooks for whoever comes. On Saturdays teenagers build boats. The reading "
            "room is open, and warm. All of it by neighbours."
        )
        home.save()
        pages += 1
    organisation = current_organisation()
    money, _argent = _MONEY[organisation.base_currency]
    for page in GivingPage.objects.all():
        page.lede = f"Fifty {money} cook for forty. It takes a minute, and the receipt comes at once."
        page.how_to_transfer = (
            f"{organisation.printed_name}\nDemo Bank of {organisation.city} (no real bank)\nAccount 0000 0000 0000"
        )
        page.save()
        pages += 1
    if home := HomePage.objects.first():
        pages += _add_giving_pages(home)
    return {"pages": pages}


def _add_giving_pages(home: HomePage) -> int:
    """Add a page for the campaign that runs, and the giving page in French."""
    give = GivingPage.objects.child_of(home).filter(slug="give").first()
    _money, argent = _MONEY[current_organisation().base_currency]
    campaign = figures.campaign_of_today()
    added = 0
    if give is not None and campaign is not None and not give.get_children().exists():
        give.add_child(
            instance=GivingPage(
                title=campaign.name,
                slug=campaign.code,
                lede="Every gift until the ice is out keeps somebody warm.",
                campaign=campaign,
                how_to_transfer=give.how_to_transfer,
            )
        )
        added += 1
    if give is not None and not GivingPage.objects.filter(slug="donner").exists():
        home.add_child(
            instance=GivingPage(
                title="Donner",
                slug="donner",
                lede=f"Avec cinquante {argent}, la cuisine nourrit quarante personnes. Une minute suffit.",
                language="fr",
                how_to_transfer=give.how_to_transfer,
            )
        )
        added += 1
    return added
