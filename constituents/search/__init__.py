"""Finding anyone in a second, by whatever staff happen to know of them.

Each constituent has one row of tokens (`models.search.SearchEntry`), each a letter for what it is and a folded word:
`n:lee`, `e:lee@example.org`, `t:447700900123`. What is typed becomes one expression over such tokens, which PostgreSQL
reads as a tsquery and SQLite as an FTS5 query, so that both find the same.

| module | holds |
|---|---|
| `tokens` | what a constituent is found by, as tokens |
| `expressions` | all of, any of; written for each database |
| `reading` | what somebody typed, as an expression |
| `spelling` | which known names a misspelt word may have meant |
| `lookups` | ids looked up where they live: a receipt's number, a gift's id |
| `ranking` | the best first, each with the reason |
| `groups` | what the results page shows: people, and what other apps add |
| `indexes` | the databases' own indexes: made, kept, swept |

`services.search_text` keeps the rows true; `Constituent.objects.search()` and `.ranked()` are the doors.
"""
