"""What is exported comes back unchanged."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from constituents.services.segments import make_segment
from donations.models import Gift
from donations.services.gifts import default_fund
from tests.factories import npsp
from tests.factories.constituents import make_person
from tests.office import imports

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", ["people", "organisations", "gifts"])
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_export_then_import_changes_nothing(tmp_path, what, fmt):
    rows = [row for row in npsp.sample() if row.get("Donation Stage") != "Pledged"][: -npsp.MISTAKES]
    imports.bring_in(imports.save_npsp(tmp_path, rows))
    before = (imports.people_on_record(), imports.money_on_record())
    out = tmp_path / f"{what}.{fmt}"
    call_command("export_data", what, str(out), "--format", fmt, stdout=StringIO())

    outcome, code = imports.bring_in(out)

    assert code == 0, outcome["errors"]
    assert outcome["kind"] == ("gifts" if what == "gifts" else "people")
    assert (outcome["created"], outcome["updated"], outcome["unsure"]) == ({}, {}, 0)
    assert (imports.people_on_record(), imports.money_on_record()) == before


def test_a_segment_leaves_out_who_is_not_in_it(tmp_path):
    make_person("Ann", "Lee"), make_person("Bo", "Ray", is_deceased=True)
    living = {"match": "all", "of": [{"criterion": "deceased", "operator": "no"}]}
    make_segment(by=None, name="Living", criteria=living)
    out = tmp_path / "people.csv"
    call_command("export_data", "people", str(out), "--segment", "Living", stdout=StringIO())
    assert ("Lee" in out.read_text(), "Ray" in out.read_text()) == (True, False)
    for wrong in (["people", str(out), "--segment", "Dead"], ["gifts", str(out), "--segment", "Living"]):
        with pytest.raises(CommandError):
            call_command("export_data", *wrong)


def test_everything_is_a_folder_of_files(tmp_path):
    imports.bring_in(imports.save_npsp(tmp_path, npsp.sample()))

    call_command("export_data", "everything", str(tmp_path / "all"), stdout=StringIO())

    assert {path.name for path in (tmp_path / "all").iterdir()} == {
        "people.csv",
        "organisations.csv",
        "households.csv",
        "gifts.csv",
    }
    lines = (tmp_path / "all" / "gifts.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= Gift.objects.count() + 1
    assert default_fund().code in "".join(lines)
