"""Page types, and what the public pages count."""

from website.models.directory import DirectoryPage
from website.models.giving import AmountsInCurrency, GivingPage
from website.models.home import HomePage
from website.models.joining import JoinPage
from website.models.standard import StandardPage
from website.models.tally import Tally
from website.models.volunteering import VolunteerPage

__all__ = [
    "AmountsInCurrency",
    "DirectoryPage",
    "GivingPage",
    "HomePage",
    "JoinPage",
    "StandardPage",
    "Tally",
    "VolunteerPage",
]
