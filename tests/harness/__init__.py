"""What the suite stands on: emptying the database, races, query counts, the browser."""
