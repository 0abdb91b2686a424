"""The headers that people files of unknown origin go by, beside the plain ones every format knows.

They are tried only where nothing else is known of a column, and compared without spaces, points and underscores.
"""

ALSO: dict[str, tuple[str, ...]] = {
    "external_id": (
        "rec id", "recid", "record no", "record number", "row id", "row no", "person no", "person number", "no", "nr",
        "number", "index", "idx", "unnamed: 0", "uid", "uuid", "guid", "pk", "key", "identifier", "client id",
        "patient id", "voter id", "ncid", "entry id", "source id", "unique id", "reference id", "membership number",
        "member number", "voter reg num", "column 1", "crm id", "user id",
    ),
    "title": ("name prefix", "honorific", "anrede", "civilité", "titel", "name prefix cd"),
    "given_name": (
        "fname", "f name", "given", "given names", "first names", "christian name", "fname c1", "first name 1",
        "given name 1", "name first", "first nm", "nombre", "voornaam", "nome", "förnamn", "fn",
    ),
    "middle_name": (
        "mname", "middle names", "middle initial", "mi", "fname c2", "first name 2", "given name 2", "second name",
        "name middle", "midl name", "other names", "zweiter vorname",
    ),
    "family_name": (
        "lname", "l name", "family", "last names", "sname", "lname c1", "last name 1", "surname 1", "family name 1",
        "name last", "last nm", "apellido", "primer apellido", "apellido 1", "achternaam", "cognome", "efternamn", "ln",
    ),
    "family_name_2": (
        "lname c2", "last name 2", "surname 2", "family name 2", "segundo apellido", "apellido 2", "second surname",
    ),
    "suffix": ("name sufx cd", "name suffix lbl", "suffix name", "generation"),
    "former_names": (
        "maiden name", "birth name", "former name", "former names", "previous name", "née", "geburtsname",
        "nom de jeune fille",
    ),
    "name": ("person name", "contact name", "customer name", "supporter name", "member name", "whole name", "person"),
    "birthdate": (
        "date birth", "birth dt", "birthday date", "born", "born on", "geb datum", "date de naissance", "d.o.b.",
        "fecha de nacimiento", "data di nascita", "geboortedatum",
    ),
    "birth_year": ("birth year", "by", "year of birth", "yob", "byear", "dob year", "geburtsjahr"),
    "birth_month": ("birth month", "bm", "month of birth", "mob", "bmonth", "dob month", "geburtsmonat"),
    "birth_day": ("birth day", "bd", "day of birth", "bday", "dob day", "geburtstag"),
    "occupation": ("job", "beruf", "employment"),
    "pronouns": ("pronouns", "preferred pronouns"),
    "organisation_name": ("employer name", "business name", "organisation/company", "org", "société"),
    "email": ("e mail", "mail address", "email 1", "emailadresse", "courriel", "e-mail-adresse"),
    "email_2": ("secondary email", "other email", "email address 2", "second email"),
    "phone": (
        "phone no", "telephone number", "telephone no", "tel no", "contact number", "phone 1", "primary phone",
        "full phone number", "telefonnummer", "phonenum", "telefoon", "teléfono",
    ),
    "phone_mobile": ("mobile number", "mobile no", "cell number", "handy", "phone 2", "portable"),
    "phone_work": ("business telephone", "office phone", "phone 3"),
    "street_number": (
        "street number", "house number", "house no", "street no", "street num", "house num", "hausnummer", "huisnummer",
        "numéro", "address number",
    ),
    "street": (
        "addr", "addr1", "add1", "address line1", "street name", "street address 1", "home address", "postal address",
        "mailing address", "mail addr1", "res street address", "adresse", "street line 1", "straat", "calle", "via",
    ),
    "extra": ("addr2", "add2", "street address 2", "mail addr2", "street line 2", "apartment", "apt", "unit", "flat"),
    "street_3": ("address 3", "address line 3", "addr3", "add3", "mail addr3", "street 3", "street line 3"),
    "street_4": ("address 4", "address line 4", "addr4", "add4", "mail addr4", "street 4", "street line 4"),
    "suburb": ("suburb", "locality", "district", "neighbourhood", "neighborhood", "village", "ortsteil"),
    "city": (
        "city/town", "municipality", "place", "town name", "city name", "res city desc", "mail city", "wohnort",
        "ciudad", "plaats", "post town",
    ),
    "region": ("state cd", "state code", "state name", "mail state", "bundesland", "kanton", "canton", "provincia"),
    "postal_code": (
        "zip5", "zipcode", "zip code 5", "postal", "postleitzahl", "code postal", "cp", "cap", "postcd", "mail zipcode",
        "post_code", "código postal", "eircode", "pin code",
    ),
    "country": ("country name", "country code", "nation"),
}  # fmt: skip
