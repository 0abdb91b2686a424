"""The scratch disk of a scan: records and their blocking keys in a private SQLite file that vanishes with the process.

Blocking is a join on an indexed key, done by the database engine, on disk: memory stays the same for a thousand and for
a million records. It is a file of its own so that a scan never locks, swells or slows the organisation's database,
whichever that is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from constituents.duplicates.blocking import SAYS
from constituents.duplicates.traits import Traits

# A key more records share than this says too little; such records meet through another.
LARGEST_BLOCK = 25
_CACHE_KIB = 64 * 1024
# SQLite takes a limited number of values in one statement.
_AT_ONCE = 500
_SAYS = (1 << SAYS) - 1
_PAIRS = f"""
    SELECT one.record, other.record FROM member one
    JOIN member other ON other.key = one.key AND other.record > one.record
    WHERE {{which}} GROUP BY one.record, other.record
    HAVING MIN(one.key & {_SAYS}) = 0 OR MIN(one.key & {_SAYS}) < MAX(one.key & {_SAYS})
"""  # noqa: S608 - numbers


class Scratch:
    """Records by key, and the pairs that share a blocking key."""

    def __init__(self) -> None:
        # An empty name is SQLite's word for a temporary file, deleted when closed.
        self.db = sqlite3.connect("")
        self.db.executescript(
            f"""
            PRAGMA cache_size = -{_CACHE_KIB};
            PRAGMA synchronous = OFF;
            PRAGMA journal_mode = OFF;
            PRAGMA temp_store = FILE;
            PRAGMA threads = 2;
            CREATE TABLE record (id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
            CREATE TABLE key (key INTEGER NOT NULL, record INTEGER NOT NULL);
            """
        )

    def add(self, rows: Iterable[tuple[Traits, Iterable[int]]]) -> None:
        """Keep records with their keys."""
        rows = list(rows)
        self.db.executemany("INSERT INTO record VALUES (?, ?)", ((traits.pk, traits.packed()) for traits, _ in rows))
        self.db.executemany(
            "INSERT INTO key VALUES (?, ?)", ((key, traits.pk) for traits, keys in rows for key in keys)
        )

    def arrange(self, largest: int = LARGEST_BLOCK) -> None:
        """Keep the keys that bring records together, and arrange them for the join."""
        self.db.executescript(
            f"""
            CREATE TABLE block AS SELECT key FROM key GROUP BY key HAVING COUNT(*) BETWEEN 2 AND {largest};
            CREATE UNIQUE INDEX block_key ON block (key);
            CREATE TABLE member (key INTEGER, record INTEGER, PRIMARY KEY (key, record)) WITHOUT ROWID;
            INSERT OR IGNORE INTO member SELECT key, record FROM key WHERE key IN (SELECT key FROM block) ORDER BY 1, 2;
            DROP TABLE key;
            CREATE INDEX member_record ON member (record);
            """  # noqa: S608 - a number
        )

    def pairs(self, after: int, until: int) -> list[tuple[int, int]]:
        """Return the pairs whose lower record is above `after` and at most `until`."""
        return self.db.execute(_PAIRS.format(which="one.record > ? AND one.record <= ?"), (after, until)).fetchall()

    def pairs_of_lower(self, ids: list[int]) -> list[tuple[int, int]]:
        """Return the pairs whose lower record is one of the named."""
        marks = ",".join("?" * len(ids))
        return self.db.execute(_PAIRS.format(which=f"one.record IN ({marks})"), ids).fetchall()

    def packed(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Return the named records as they are kept."""
        found: dict[int, bytes] = {}
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), _AT_ONCE):
            chunk = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(chunk))
            found |= self.db.execute(f"SELECT id, packed FROM record WHERE id IN ({marks})", chunk)  # noqa: S608
        return found

    def records(self, ids: Iterable[int]) -> dict[int, Traits]:
        """Return the named records."""
        return {pk: Traits.unpacked(packed) for pk, packed in self.packed(ids).items()}

    def ids(self, after: int, count: int) -> list[int]:
        """Return the keys of the next records after one."""
        rows = self.db.execute("SELECT id FROM record WHERE id > ? ORDER BY id LIMIT ?", (after, count))
        return [pk for (pk,) in rows]

    def sampled_ids(self, count: int) -> list[int]:
        """Return the keys of records spread evenly over all: at most about `count`, or all when there are fewer."""
        total = self.db.execute("SELECT COUNT(*) FROM record").fetchone()[0]
        step = max(1, total // count)
        placed = "SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM record"
        rows = self.db.execute(f"SELECT id FROM ({placed}) WHERE place % ? = 0", (step,))  # noqa: S608
        return [pk for (pk,) in rows]

    def sample(self, count: int) -> list[Traits]:
        """Return records spread evenly over all."""
        return list(self.records(self.sampled_ids(count)).values())

    def close(self) -> None:
        """Throw everything away."""
        self.db.close()
