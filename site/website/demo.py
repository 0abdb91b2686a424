"""The website's part of the demo: words of its own on the home page, and where to send the money."""

from core.demo import DemoPlan
from website import figures
from website.models import GivingPage, HomePage


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
    for page in GivingPage.objects.all():
        page.lede = "Fifty dollars cook for forty. It takes a minute, and the receipt comes at once."
        page.how_to_transfer = (
            "Harbour Light Community Trust, Inc.\nDemo Bank of Gull Harbour (no real bank)\nAccount 0000 0000 0000"
        )
        page.save()
        pages += 1
    if home := HomePage.objects.first():
        pages += _add_giving_pages(home)
    return {"pages": pages}


def _add_giving_pages(home: HomePage) -> int:
    """Add a page for the campaign that runs, and the giving page in French."""
    give = GivingPage.objects.child_of(home).filter(slug="give").first()
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
                lede="Avec cinquante dollars, la cuisine nourrit quarante personnes. Une minute suffit.",
                language="fr",
                how_to_transfer=give.how_to_transfer,
            )
        )
        added += 1
    return added
