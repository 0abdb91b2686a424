"""The relationship types every organisation begins with; staff may rename them and add their own."""

from django.db import migrations

PERSON, ORGANISATION = "person", "organisation"
# key, what the one is, what the other is, the one's kind, the other's kind, affiliation
SHIPPED = [
    ("spouse", "Spouse", "Spouse", PERSON, PERSON, False),
    ("partner", "Partner", "Partner", PERSON, PERSON, False),
    ("parent", "Parent", "Child", PERSON, PERSON, False),
    ("guardian", "Guardian", "Ward", PERSON, PERSON, False),
    ("grandparent", "Grandparent", "Grandchild", PERSON, PERSON, False),
    ("sibling", "Sibling", "Sibling", PERSON, PERSON, False),
    ("friend", "Friend", "Friend", PERSON, PERSON, False),
    ("employee", "Employee", "Employer", PERSON, ORGANISATION, True),
    ("contact_person", "Contact person", "Organisation they speak for", PERSON, ORGANISATION, True),
    ("treasurer", "Treasurer", "Organisation whose money they keep", PERSON, ORGANISATION, True),
    ("board_member", "Board member", "Organisation they govern", PERSON, ORGANISATION, True),
    ("solicitor", "Solicitor", "Prospect", PERSON, "", False),
]


def ship(apps, schema_editor):
    RelationshipType = apps.get_model("constituents", "RelationshipType")
    for number, (key, first_is, second_is, first_kind, second_kind, is_affiliation) in enumerate(SHIPPED, start=1):
        RelationshipType.objects.get_or_create(
            key=key,
            defaults={
                "first_is": first_is,
                "second_is": second_is,
                "first_kind": first_kind,
                "second_kind": second_kind,
                "is_symmetric": first_is == second_is,
                "is_affiliation": is_affiliation,
                "position": number * 10,
            },
        )


def take_back(apps, schema_editor):
    used = apps.get_model("constituents", "Relationship").objects.values("type")
    keys = [key for key, *_words in SHIPPED]
    apps.get_model("constituents", "RelationshipType").objects.filter(key__in=keys).exclude(pk__in=used).delete()


class Migration(migrations.Migration):
    replaces = [("constituents", "0007_shipped_relationship_types")]
    dependencies = [("constituents", "0001_people_and_what_is_known_of_them")]
    operations = [migrations.RunPython(ship, take_back)]
