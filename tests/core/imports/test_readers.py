"""Any file people really have is read as the table it is, or refused with the line and the reason."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest
from openpyxl import Workbook

from core.imports.errors import UnreadableFileError
from core.imports.readers import Limits, open_table

KNOWN = [frozenset({"first name", "last name", "email", "amount"})]


@pytest.fixture
def read(tmp_path):
    """Write bytes to a file and read it: the table, its headers and its rows."""

    def run(content, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with open_table(path, known=options.pop("known", KNOWN), **options) as table:
            return table, [column.name for column in table.columns], [(row.number, row.cells) for row in table]

    return run


def test_a_plain_file(read):
    table, columns, rows = read("First name,Last name\r\nAnn,Lee\r\n")

    assert (table.encoding, table.separator, table.header_row) == ("UTF-8", ",", 1)
    assert columns == ["First name", "Last name"]
    assert rows == [(2, ["Ann", "Lee"])]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_encoding_is_told_by_its_bytes(read, codec):
    _table, columns, rows = read("First name;Last name\nŁukasz;Żółć\n美咲;田中\n".encode(codec))

    assert columns == ["First name", "Last name"]
    assert rows[1:] == [(3, ["美咲", "田中"])]


def test_western_windows_files_keep_their_accents(read):
    table, _columns, rows = read("First name,Last name\nJürgen,O’Neill\n".encode("cp1252"))

    assert table.encoding == "Windows-1252"
    assert rows == [(2, ["Jürgen", "O’Neill"])]


def test_one_stray_byte_does_not_garble_the_whole_file(read):
    content = "First name,Last name\nŁukasz,Żółć\n美咲,田中\n".encode() + b"J\xfcrgen,Lee\n"

    table, _columns, rows = read(content)

    assert rows[0] == (2, ["Łukasz", "Żółć"])
    assert "\N{REPLACEMENT CHARACTER}" in rows[2][1][0]
    assert table.notes


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(read, separator):
    table, _columns, rows = read(
        f'First name{separator}Last name{separator}Amount\nAnn{separator}"Lee, the third"{separator}1,50\n'
    )

    assert table.separator == separator
    assert rows == [(2, ["Ann", "Lee, the third", "1,50"])] if separator != "," else rows


def test_lines_above_the_header_are_left_out_and_rows_keep_their_numbers(read):
    table, _columns, rows = read(
        "Report of gifts\nprinted on 1 May\n\nFirst name,Last name,Email\nAnn,Lee,a@b.example\n"
    )

    assert table.header_row == 4
    assert rows == [(5, ["Ann", "Lee", "a@b.example"])]


def test_an_unknown_header_is_found_below_a_comment(read):
    table, columns, rows = read("# a comment\nNummer;Ort\n1;Köln\n2;Bonn\n", known=())

    assert table.header_row == 2
    assert columns == ["Nummer", "Ort"]
    assert len(rows) == 2


def test_blank_lines_and_separators_at_the_end_are_not_rows_or_columns(read):
    _table, columns, rows = read("First name,Last name,,\nAnn,Lee,,\n\n,,,\n  ,\nBo,Ray,,\n")

    assert columns == ["First name", "Last name"]
    assert rows == [(2, ["Ann", "Lee"]), (6, ["Bo", "Ray"])]


def test_repeated_and_blank_headers_are_told_apart_by_position(read):
    _table, columns, _rows = read("Last Name,,Last Name,First Name\na,b,c,d\n")

    assert columns == ["Last Name", "Column 2", "Last Name (2)", "First Name"]


def test_a_cell_over_several_lines_is_one_cell(read):
    _table, _columns, rows = read('First name,Last name\r\n"Ann\r\nMary",Lee\r\nBo,"Ray ""Sunny"""\r\n')

    assert rows == [(2, ["Ann\r\nMary", "Lee"]), (3, ["Bo", 'Ray "Sunny"'])]


def test_a_quotation_mark_that_never_closes_is_refused_with_its_line(read):
    with pytest.raises(UnreadableFileError) as refused:
        read('First name,Last name\nAnn,Lee\nBo,"Ray\n' + "Cy,Day\n" * 50)

    assert refused.value.line == 3


def test_a_row_with_more_cells_than_the_header_says_so(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("First name,Last name\nAnn,Lee,surplus\n")

    with open_table(path, known=KNOWN) as table:
        assert [row.surplus for row in table] == [True]


def test_our_own_exports_come_back_as_they_were(read):
    _table, _columns, rows = read("First name,Last name\n'=SUM(A1),'+49 30 1\n")

    assert rows == [(2, ["=SUM(A1)", "+49 30 1"])]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.csv"), (b"\n\n\n", "blank.csv"), (b"%PDF-1.7 ...", "a.pdf"), (b"\xd0\xcf\x11\xe0....", "old.xls")],
)
def test_what_is_no_table_is_refused(read, content, name):
    with pytest.raises(UnreadableFileError):
        read(content, name)


def test_limits_are_checked_before_reading(read):
    with pytest.raises(UnreadableFileError):
        read("a,b\n" + "1,2\n" * 100, limits=Limits(bytes=100))
    with pytest.raises(UnreadableFileError):
        read("a,b\n" + "1,2\n" * 100, limits=Limits(rows=50))
    with pytest.raises(UnreadableFileError):
        read(",".join(f"c{n}" for n in range(30)) + "\n" + "1," * 30, limits=Limits(columns=20))


@pytest.fixture
def workbook(tmp_path):
    """Save rows as a workbook; returns its path."""

    def save(rows, name="file.xlsx"):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return save


def test_a_workbook_reads_like_the_same_csv(workbook):
    path = workbook(
        [
            ["Gifts of May"],
            [],
            ["First name", "Last name", "Amount", "Date"],
            ["Ann", "Lee", 1200.5, dt.date(2025, 5, 3)],
            ["Bo", None, 7.0, "2025-05-04"],
        ]
    )

    with open_table(path, known=KNOWN) as table:
        rows = [(row.number, row.cells) for row in table]

    assert table.header_row == 3
    assert rows == [(4, ["Ann", "Lee", "1200.5", "2025-05-03"]), (5, ["Bo", "", "7", "2025-05-04"])]


def test_a_cell_far_down_does_not_take_minutes(workbook, tmp_path):
    book = Workbook()
    book.active.append(["First name", "Last name"])
    book.active.append(["Ann", "Lee"])
    book.active["A1048576"] = "far"
    book.save(tmp_path / "far.xlsx")

    with open_table(tmp_path / "far.xlsx", known=KNOWN) as table:
        assert [row.cells for row in table] == [["Ann", "Lee"]]


def test_an_archive_that_would_burst_is_refused_unopened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 3_000_000)

    with pytest.raises(UnreadableFileError), open_table(path, limits=Limits(expanded_bytes=1_000_000)):
        pass


def test_xml_entities_never_resolve(tmp_path):
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>')

    with pytest.raises(UnreadableFileError), open_table(path):
        pass
