"""Invented people's names: pools by where a family comes from, in the scripts they are written in."""

from __future__ import annotations

import random
from dataclasses import dataclass

from office.demo.countries import DemoCountry


@dataclass(frozen=True, slots=True)
class NamePool:
    """Names that go together, and how common the pool is in our town."""

    weight: int
    given_women: tuple[str, ...]
    given_men: tuple[str, ...]
    family: tuple[str, ...]
    language: str = "en"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


POOLS = (
    NamePool(
        46,
        _words(
            "Abigail Alice Amelia Audrey Beatrice Bridget Caroline Charlotte Clara Daphne Dorothy Edith Eleanor "
            "Eliza Emily Faye Fiona Florence Frances Georgia Grace Hannah Harriet Hazel Helen Imogen Ivy Jane "
            "Josephine Joyce Judith June Katharine Laura Lillian Louisa Lucy Mabel Margaret Martha Matilda Maud "
            "Miriam Nancy Nora Olive Patience Pearl Phoebe Prudence Rachel Rosalind Ruth Sarah Susan Sylvia "
            "Tabitha Una Violet"
        ),
        _words(
            "Adam Albert Alfred Andrew Arthur Benjamin Bernard Caleb Cecil Charles Christopher Daniel David Douglas "
            "Edmund Edward Elijah Ernest Felix Francis Frank Frederick George Gilbert Harold Henry Herbert Hugh Isaac "
            "Jack James Jonathan Joseph Joshua Laurence Leonard Lewis Martin Matthew Nathaniel Oliver Oscar Patrick "
            "Paul Peter Philip Ralph Raymond Reuben Robert Rufus Samuel Silas Simon Stephen Theodore Thomas Victor"
        ),
        _words(
            "Abbot Ainsworth Alder Appleby Ashdown Atwater Bancroft Barlow Beckett Bellweather Birch Blackwood Bramley "
            "Brightwell Calloway Carver Chandler Coldwater Copley Crane Cutler Dunmore Eastman Eldridge Fairbanks "
            "Farrow Fenwick Fletcher Foxglove Gannet Goodspeed Granger Greenleaf Hale Harbord Hartwell Hathaway Hollis "
            "Ingram Jessop Kingsley Kittredge Lathrop Lockhart Longfellow Marsh Merriweather Milliken Moorhead Nichols "
            "Oakes Osgood Pemberton Pettigrew Plumb Quimby Radcliffe Ravenel Sawyer Sheffield Snow Standish Stoddard "
            "Tarbox Thackeray Tidewell Underhill Varney Wainwright Weatherby Whitcomb Winslow Woodbury Yarrow O’Dell "
            "O’Shaughnessy McAllister MacLeod St.John Ferguson-Hale"
        ),
    ),
    NamePool(
        12,
        _words("Alejandra Beatriz Camila Dolores Elena Guadalupe Inés Lucía Marisol Núria Paloma Rocío Sofía Ximena"),
        _words("Álvaro Andrés Benício Diego Emilio Fermín Héctor Íñigo Joaquín Mateo Rafael Santiago Tomás Vicente"),
        (
            "Aguirre",
            "Barragán",
            "Cárdenas",
            "de la Cruz",
            "Echeverría",
            "Fuentes Ortega",
            "García Peña",
            "Ibáñez",
            "Montañez",
            "Muñoz",
            "Quintero",
            "Ríos Cabral",
            "Salvatierra",
            "Zúñiga",
        ),
        "es",
    ),
    NamePool(
        7,
        _words("Agnieszka Bożena Danuta Elżbieta Grażyna Jadwiga Katarzyna Małgorzata Róża Stanisława Zuzanna"),
        _words("Andrzej Bogusław Czesław Grzegorz Jędrzej Kazimierz Łukasz Mirosław Paweł Sławomir Zbigniew"),
        _words("Dąbrowska-Lis Gwóźdź Jabłoński Kościelny Łęcki Michałek Ociepka Święcicki Wójtowicz Żółtowski Źrebiec"),
        "en",
    ),
    NamePool(
        6,
        _words("Anneliese Birgit Dörte Friederike Gesine Hannelore Jördis Käthe Liesel Ottilie Ulrike"),
        _words("Anselm Bärtel Detlef Eckhart Götz Heiner Jürgen Lüder Ruprecht Sönke Volkmar"),
        (
            "Bäumler",
            "Dünnwald",
            "von Eschenbach",
            "Großmann",
            "Höfler",
            "Krämer",
            "Löwenthal",
            "Müllenbach",
            "Straßner",
        ),
        "de",
    ),
    NamePool(
        5,
        _words("Aurélie Clémence Élodie Françoise Geneviève Hélène Maïté Noëlle Océane Solène Zoé"),
        _words("Aurélien Benoît Cédric Étienne François Gaëtan Hervé Loïc Noël René Théo"),
        (
            "d’Aubigné",
            "Beauséjour",
            "Châtelain",
            "Desrosiers",
            "L’Écuyer",
            "Lefèvre",
            "Maçon",
            "Préfontaine",
            "Thériault",
        ),
        "fr",
    ),
    NamePool(
        5,
        _words("Bích Diễm Hạnh Hương Lệ Mỹ Ngọc Phượng Thảo Tuyết"),
        _words("An Bảo Đức Hải Khánh Lộc Minh Quý Thịnh Vũ"),
        _words("Bùi Đặng Đỗ Hoàng Huỳnh Lê Nguyễn Phạm Trần Võ"),
    ),
    NamePool(
        4,
        ("明子", "陽菜", "美咲", "さくら", "千尋", "和子"),
        ("太郎", "健一", "翔太", "大輔", "誠", "一郎"),
        ("山田", "佐々木", "小野寺", "渡邉", "斎藤", "長谷川"),
    ),
    NamePool(
        3,
        ("Αγγελική", "Ελένη", "Ιωάννα", "Καλλιόπη", "Σοφία"),
        ("Γεώργιος", "Δημήτρης", "Ηλίας", "Νικόλαος", "Σπύρος"),
        ("Αναγνωστόπουλος", "Καραγιάννης", "Οικονόμου", "Παπαδάκης", "Χατζής"),
    ),
    NamePool(
        3,
        ("Анна", "Дарья", "Екатерина", "Ольга", "Людмила"),
        ("Алексей", "Дмитрий", "Николай", "Павел", "Фёдор"),
        ("Бондаренко", "Гриценко", "Коваленко", "Левченко", "Шевчук"),
    ),
    NamePool(
        3,
        ("أمينة", "ليلى", "مريم", "نور", "زينب"),
        ("أحمد", "خالد", "سمير", "طارق", "يوسف"),
        ("الحداد", "النجار", "الخياط", "البستاني", "القاضي"),
    ),
    NamePool(
        2,
        ("אביגיל", "מרים", "רחל", "תמר"),
        ("אברהם", "דוד", "יונתן", "נתן"),
        ("בן־ארי", "הרפז", "כרמלי", "שלום"),
    ),
    NamePool(
        3,
        ("अनीता", "कविता", "मीरा", "सुनीता", "प्रिया"),
        ("अर्जुन", "दीपक", "राजेश", "विक्रम", "सुरेश"),
        ("अग्रवाल", "चतुर्वेदी", "देशमुख", "जोशी", "श्रीवास्तव"),
    ),
    NamePool(1, ("สมหญิง", "มาลี", "พรทิพย์"), ("สมชาย", "อนันต์", "ธีรพงศ์"), ("แก้วมณี", "ศรีสุข", "วงศ์ไทย")),
)

TITLES_WOMEN = (("Ms", 8), ("Mrs", 5), ("Dr", 2), ("Rev", 1), ("Prof", 1), ("", 5))
TITLES_MEN = (("Mr", 11), ("Dr", 2), ("Rev", 1), ("Prof", 1), ("", 5))

ORGANISATION_FIRST = _words(
    "Anchor Bayside Beacon Breakwater Bluefin Casco Coastal Driftwood Estuary Foghorn Granite Gull Headland Islander "
    "Juniper Keel Lantern Lighthouse Mainsail Northshore Osprey Pilot Quarry Rowan Saltmarsh Schooner Tern Tidal Wharf"
)
ORGANISATION_KINDS = (
    "Bakery", "Boatbuilders", "Books", "Brewing", "Church of the Shore", "Community Bank", "Dental Partners",
    "Family Foundation", "Hardware", "Insurance", "Law", "Pharmacy", "Printing Works", "Rotary", "School PTA",
    "Seafood", "Surveyors", "Veterinary", "Women’s Institute",
)  # fmt: skip


def choose_pool(rng: random.Random, country: DemoCountry) -> NamePool:
    """Return a pool, the common ones of the country more often."""
    return rng.choices(POOLS, weights=[pool.weight * country.weights.get(pool.language, 1) for pool in POOLS])[0]


def choose_title(rng: random.Random, country: DemoCountry, *, woman: bool) -> str:
    """Return a title, or none, as often as people use them."""
    titles = country.titles_women or TITLES_WOMEN if woman else country.titles_men or TITLES_MEN
    return rng.choices([title for title, _weight in titles], weights=[weight for _title, weight in titles])[0]
