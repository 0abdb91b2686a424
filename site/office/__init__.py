"""What staff and board see across domains: today, reports, dashboards, the board pack, demo data."""
