"""What anyone sees: home, giving, joining, volunteering and the member directory, as Wagtail pages over live data."""
