"""Postal addresses in the order of their country, on a screen and on an envelope."""

from types import SimpleNamespace

import pytest

from core.postal import postal_lines


def address(country: str, street: str, city: str, region: str = "", postal_code: str = "", extra: str = "") -> object:
    return SimpleNamespace(
        street=street, extra=extra, city=city, region=region, postal_code=postal_code, country=country
    )


LONDON = address("GB", "10 Quay Street", "London", "Greater London", "SW1A 2AA")
BOSTON = address("US", "1 Quay", "Boston", "MA", "02101", extra="Apt 2")


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (BOSTON, ["1 Quay", "Apt 2", "Boston MA 02101"]),
        (address("CA", "1 Rue du Port", "Montréal", "QC", "H3Z 2Y7"), ["1 Rue du Port", "Montréal QC  H3Z 2Y7"]),
        (LONDON, ["10 Quay Street", "London", "SW1A 2AA"]),
        (address("IE", "1 Main St", "Cobh", "Co. Cork", "P24 X000"), ["1 Main St", "Cobh", "Co. Cork", "P24 X000"]),
        (address("DE", "Hafenstraße 5", "Köln", "NRW", "50667"), ["Hafenstraße 5", "50667 Köln"]),
        (address("AT", "Hauptplatz 1", "Wien", "", "1010"), ["Hauptplatz 1", "1010 Wien"]),
        (address("CH", "Seestrasse 2", "Zürich", "ZH", "8002"), ["Seestrasse 2", "8002 Zürich"]),
        (address("FR", "2 rue du Port", "Brest", "", "29200"), ["2 rue du Port", "29200 Brest"]),
        (address("NL", "Kade 3", "Leiden", "", "2312 BK"), ["Kade 3", "2312 BK Leiden"]),
        (address("IT", "Via Roma 1", "Roma", "RM", "00187"), ["Via Roma 1", "00187 Roma RM"]),
        (address("ES", "Calle Mayor 1", "Madrid", "Madrid", "28039"), ["Calle Mayor 1", "28039 Madrid"]),
        (address("ES", "Calle Mayor 1", "Gijón", "Asturias", "33201"), ["Calle Mayor 1", "33201 Gijón", "Asturias"]),
        (address("AU", "1 George St", "Sydney", "NSW", "2000"), ["1 George St", "Sydney NSW  2000"]),
        (address("NZ", "1 Quay", "Wellington", "Thorndon", "6011"), ["1 Quay", "Thorndon", "Wellington 6011"]),
        (address("JP", "1-1 Kanda", "Chiyoda-ku", "Tokyo", "101-0001"), ["1-1 Kanda", "Chiyoda-ku, Tokyo 101-0001"]),
        (address("JP", "神田1-1-1", "千代田区", "東京都", "101-0001"), ["〒101-0001", "東京都千代田区", "神田1-1-1"]),
        (address("BR", "Rua A, 1", "São Paulo", "SP", "01000-000"), ["Rua A, 1", "São Paulo - SP", "01000-000"]),
        (address("IN", "1 MG Rd", "Bengaluru", "Karnataka", "560001"), ["1 MG Rd", "Bengaluru 560001", "Karnataka"]),
        (address("HU", "Fő utca 1", "Budapest", "", "1011"), ["Budapest", "Fő utca 1", "1011"]),
        (address("", "1 Quay", "Somewhere", "", "123"), ["1 Quay", "Somewhere 123"]),
        (address("MX", "Calle 1", "", "PUE", "72000"), ["Calle 1", "72000, PUE"]),
        (address("US", "", ""), []),
    ],
)  # fmt: skip
def test_each_country_has_its_order_and_no_blank_lines(written: object, lines: list[str]) -> None:
    assert postal_lines(written) == lines


@pytest.mark.parametrize(
    ("written", "posted_in", "lines"),
    [
        (LONDON, "GB", ["10 Quay Street", "LONDON", "SW1A 2AA"]),
        (BOSTON, "US", ["1 Quay", "Apt 2", "Boston MA 02101"]),
        (address("DE", "Hafenstraße 5", "Köln", "", "50667"), "DE", ["Hafenstraße 5", "50667 Köln"]),
        (LONDON, "US", ["10 Quay Street", "LONDON", "SW1A 2AA", "UNITED KINGDOM"]),
        (address("IT", "Via Roma 1", "Roma", "rm", "00187"), "IT", ["Via Roma 1", "00187 ROMA RM"]),
        (address("", "1 Quay", "Boston"), "US", ["1 Quay", "Boston"]),
    ],
)
def test_an_envelope_has_capitals_where_the_post_asks_and_abroad_the_country(
    written: object, posted_in: str, lines: list[str]
) -> None:
    assert postal_lines(written, from_country=posted_in) == lines


def test_the_country_is_named_in_the_senders_language() -> None:
    assert postal_lines(LONDON, from_country="FR", language="fr")[-1] == "ROYAUME-UNI"
