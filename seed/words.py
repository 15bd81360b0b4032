"""What tables and columns are called and mean, in French and English, with an example of each."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The title and the description of a table, in both languages."""

    title_fr: str
    title_en: str
    description_fr: str
    description_en: str


class Column(NamedTuple):
    """The same of a column, with a cell that it could have; empty if it mostly is."""

    title_fr: str
    title_en: str
    description_fr: str
    description_en: str
    example: str


_NOTE = Column(
    "Remarque",
    "Note",
    "Remarques en français, séparées par « ; ».",
    "Remarks in French, separated by “ ; ”.",
    "",
)
_SOURCE = Column(
    "Source",
    "Source",
    "Clé de la source (adresse de la page) qui l’affirme.",
    "Key of the source (address of the page) that says so.",
    "https://example.org/palmares-2017",
)
_KIND = Column(
    "Type de collectivité",
    "Kind of collectivity",
    "REGION, DEPARTEMENT, EPCI, COMMUNE ou OTHER (autre organisme).",
    "REGION, DEPARTEMENT, EPCI, COMMUNE or OTHER (another body).",
    "DEPARTEMENT",
)
_CODE = Column(
    "Code",
    "Code",
    "Code officiel : code COG d’une commune, d’un département ou d’une région, SIREN d’un EPCI.",
    "Official code: COG code of a commune, département or région, SIREN of an EPCI.",
    "45",
)
_POSITION = Column(
    "Rang",
    "Position",
    "Place dans la liste, à partir de 0 et sans trou.",
    "Place in the list, from 0 and without gaps.",
    "0",
)
_INITIATIVE = Column(
    "Initiative",
    "Initiative",
    "Identifiant de l’initiative.",
    "Slug of the initiative.",
    "loiret-geo-inclusion",
)
_YEAR = Column("Année", "Year", "Année de l’édition.", "Year of the edition.", "2017")
_PRIZE = Column("Prix", "Prize", "Identifiant du prix.", "Slug of the prize.", "prix-exemple")
_IS_CURRENT = Column(
    "En vigueur",
    "Is current",
    "1 si la collectivité existe encore, 0 sinon.",
    "1 if it still exists, 0 if not.",
    "1",
)
_PARENT_KIND = Column(
    "Type du territoire parent",
    "Kind of the parent",
    "Type du territoire dont la collectivité dépend.",
    "Kind of the territory that it belongs to.",
    "REGION",
)
_PARENT_CODE = Column(
    "Code du territoire parent",
    "Code of the parent",
    "Code du territoire dont la collectivité dépend.",
    "Code of the territory that it belongs to.",
    "24",
)
_URL = Column(
    "Adresse",
    "Address",
    "Page qui présente l’objet de la ligne.",
    "Page that presents what the row is about.",
    "https://example.org/",
)

TABLES: Mapping[str, Words] = {
    "source": Words(
        "Sources",
        "Sources",
        "Pages et publications d’où viennent les données.",
        "Pages and publications that the data comes from.",
    ),
    "collectivity": Words(
        "Collectivités",
        "Collectivities",
        "Territoires du code officiel géographique.",
        "Territories of the official geographic code.",
    ),
    "body": Words(
        "Organismes",
        "Bodies",
        "Lauréats que le code officiel ne connaît pas : CCAS, syndicats, musées.",
        "Winners that the official code does not hold: CCAS, syndicats, museums.",
    ),
    "former_code": Words(
        "Anciens codes",
        "Former codes",
        "Codes de communes qui ne servent plus, et les communes actuelles.",
        "Codes of communes that are no longer in use, and the communes of today.",
    ),
    "category": Words(
        "Thèmes", "Categories", "Thèmes stables des distinctions.", "Stable themes of awards."
    ),
    "prize": Words("Prix", "Prizes", "Programmes qui distinguent.", "Programmes that give awards."),
    "edition": Words("Éditions", "Editions", "Années d’un prix.", "Years of a prize."),
    "initiative": Words(
        "Initiatives",
        "Initiatives",
        "Ce que les collectivités ont fait.",
        "What collectivities did.",
    ),
    "holder": Words(
        "Porteurs",
        "Holders",
        "Collectivités qui portent une initiative.",
        "Collectivities that carry an initiative.",
    ),
    "award": Words(
        "Distinctions", "Awards", "Distinctions d’une édition.", "Distinctions of an edition."
    ),
    "laureate": Words(
        "Lauréats", "Laureates", "Gagnants d’une distinction.", "Winners of a distinction."
    ),
    "metric": Words(
        "Indicateurs",
        "Metrics",
        "Chiffres d’une initiative.",
        "Figures of an initiative.",
    ),
}

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "source": {
        "key": Column(
            "Clé",
            "Key",
            "L’adresse de la page, ou un nom s’il n’y en a pas.",
            "The address of the page, or a name where there is none.",
            "https://example.org/palmares-2017",
        ),
        "url": Column(
            "Adresse",
            "Address",
            "La même adresse que la clé, ou rien.",
            "The same address as the key, or nothing.",
            "https://example.org/palmares-2017",
        ),
        "title": Column(
            "Titre", "Title", "Titre de la page.", "Title of the page.", "Palmarès 2017"
        ),
        "publisher": Column(
            "Éditeur",
            "Publisher",
            "Qui publie la page.",
            "Who publishes the page.",
            "Association Exemple",
        ),
        "licence_name": Column(
            "Licence",
            "Licence",
            "Nom de la licence.",
            "Name of the licence.",
            "Licence Ouverte 2.0",
        ),
        "licence_url": Column(
            "Adresse de la licence",
            "Address of the licence",
            "Texte de la licence.",
            "Text of the licence.",
            "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        ),
        "retrieved_on": Column(
            "Consultée le",
            "Retrieved on",
            "Jour de la consultation.",
            "Day on which it was read.",
            "2026-04-30",
        ),
    },
    "collectivity": {
        "kind": _KIND,
        "sub_kind": Column(
            "Nature",
            "Sub-kind",
            "Pour un EPCI : CC, CA, CU, METRO ou MET69 ; pour OTHER : sa nature en français.",
            "Of an EPCI: CC, CA, CU, METRO or MET69; of OTHER: what it is, in French.",
            "",
        ),
        "code": _CODE,
        "name": Column("Nom", "Name", "Nom officiel.", "Official name.", "Loiret"),
        "siren": Column(
            "SIREN",
            "SIREN",
            "Numéro SIREN, neuf chiffres.",
            "SIREN number, nine digits.",
            "224500017",
        ),
        "population": Column(
            "Population",
            "Population",
            "Population municipale.",
            "Municipal population.",
            "687000",
        ),
        "population_year": Column(
            "Année de la population",
            "Year of the population",
            "Année de référence de la population.",
            "Year that the population is of.",
            "2023",
        ),
        "postal_codes": Column(
            "Codes postaux",
            "Postal codes",
            "Codes postaux séparés par une espace.",
            "Postal codes separated by a space.",
            "",
        ),
        "is_current": _IS_CURRENT,
        "parent_kind": _PARENT_KIND,
        "parent_code": _PARENT_CODE,
        "departement": Column(
            "Département",
            "Département",
            "Code du département où elle se trouve.",
            "Code of the département that it lies in.",
            "45",
        ),
        "region": Column(
            "Région",
            "Région",
            "Code de la région où elle se trouve.",
            "Code of the région that it lies in.",
            "24",
        ),
        "epci": Column(
            "EPCI",
            "EPCI",
            "SIREN de l’intercommunalité dont elle est membre.",
            "SIREN of the intercommunality that it is a member of.",
            "",
        ),
        "ept": Column(
            "EPT",
            "EPT",
            "Code de l’établissement public territorial (Grand Paris).",
            "Code of the établissement public territorial (Grand Paris).",
            "",
        ),
        "successor": Column(
            "Commune nouvelle",
            "Successor",
            "Code de la commune dont elle fait désormais partie.",
            "Code of the commune that it became part of.",
            "",
        ),
    },
    "body": {
        "code": Column(
            "Identifiant",
            "Code",
            "Identifiant de l’organisme : a-z, 0-9 et tirets.",
            "Slug of the body: a-z, 0-9 and hyphens.",
            "ccas-orleans",
        ),
        "sub_kind": Column(
            "Nature",
            "Sub-kind",
            "Ce qu’il est, en français.",
            "What it is, in French.",
            "centre communal d’action sociale",
        ),
        "name": Column("Nom", "Name", "Nom de l’organisme.", "Its name.", "CCAS d’Orléans"),
        "parent_kind": _PARENT_KIND._replace(example="COMMUNE"),
        "parent_code": _PARENT_CODE._replace(example="45234"),
        "is_current": _IS_CURRENT,
        "successor_kind": Column(
            "Type du successeur",
            "Kind of the successor",
            "Type de ce qui l’a remplacé.",
            "Kind of what took its place.",
            "",
        ),
        "successor_code": Column(
            "Code du successeur",
            "Code of the successor",
            "Code de ce qui l’a remplacé.",
            "Code of what took its place.",
            "",
        ),
        "note": _NOTE,
    },
    "former_code": {
        "code": Column(
            "Ancien code",
            "Former code",
            "Code de commune qui ne sert plus.",
            "Code of a commune that is no longer in use.",
            "01003",
        ),
        "commune": Column(
            "Commune actuelle",
            "Current commune",
            "Code de la commune actuelle.",
            "Code of the current commune.",
            "01165",
        ),
    },
    "category": {
        "slug": Column(
            "Identifiant",
            "Slug",
            "Identifiant du thème : a-z, 0-9 et tirets.",
            "Slug of the theme: a-z, 0-9 and hyphens.",
            "gouvernance",
        ),
        "label_fr": Column(
            "Libellé", "Label (French)", "En français.", "In French.", "Gouvernance"
        ),
        "label_en": Column(
            "Libellé anglais", "Label (English)", "En anglais.", "In English.", "Governance"
        ),
        "note": _NOTE,
    },
    "prize": {
        "slug": Column(
            "Identifiant",
            "Slug",
            "Identifiant du prix : a-z, 0-9 et tirets.",
            "Slug of the prize: a-z, 0-9 and hyphens.",
            "prix-exemple",
        ),
        "name": Column("Nom", "Name", "Nom du prix.", "Name of the prize.", "Prix Exemple"),
        "organiser": Column(
            "Organisateur", "Organiser", "Qui le décerne.", "Who gives it.", "Association Exemple"
        ),
        "since": Column(
            "Depuis",
            "Since",
            "Première année, ou date plus précise : 2010, 2010-11 ou 2010-11-14.",
            "First year, or a date as precise as is known: 2010, 2010-11 or 2010-11-14.",
            "2010",
        ),
        "url": _URL,
        "source": _SOURCE,
    },
    "edition": {
        "prize": _PRIZE,
        "year": _YEAR,
        "jury_date": Column(
            "Date du jury", "Day of the jury", "Jour du jury.", "Day of the jury.", "2017-09-21"
        ),
        "jury_president": Column(
            "Présidence du jury",
            "President of the jury",
            "Nom de la présidente ou du président du jury.",
            "Name of the president of the jury.",
            "",
        ),
        "jury_president_role": Column(
            "Fonction",
            "Office of the president",
            "Fonction de la présidente ou du président du jury.",
            "Office of the president of the jury.",
            "",
        ),
        "ceremony_date": Column(
            "Date de la remise",
            "Day of the ceremony",
            "Jour de la remise des prix.",
            "Day on which the awards were given.",
            "2017-11-14",
        ),
        "ceremony_place": Column(
            "Lieu de la remise",
            "Place of the ceremony",
            "Lieu de la remise des prix.",
            "Place where the awards were given.",
            "Sénat, Paris",
        ),
        "announced_awards": Column(
            "Distinctions annoncées",
            "Announced awards",
            "Nombre que l’organisateur ou la presse annonce.",
            "Number that the organiser or the press announced.",
            "38",
        ),
        "announced_gold": Column(
            "Or annoncés", "Announced gold", "Dont or.", "Of these, gold.", "12"
        ),
        "announced_silver": Column(
            "Argent annoncés", "Announced silver", "Dont argent.", "Of these, silver.", "13"
        ),
        "announced_bronze": Column(
            "Bronze annoncés", "Announced bronze", "Dont bronze.", "Of these, bronze.", "13"
        ),
        "source": _SOURCE,
        "note": _NOTE,
    },
    "initiative": {
        "slug": Column(
            "Identifiant",
            "Slug",
            "Identifiant de l’initiative : a-z, 0-9 et tirets. Il ne change plus.",
            "Slug of the initiative: a-z, 0-9 and hyphens. It never changes.",
            "loiret-geo-inclusion",
        ),
        "title": Column(
            "Intitulé",
            "Title",
            "Titre que donne la source, sinon une description.",
            "Title that the source gives, or else a description.",
            "Géo-inclusion",
        ),
        "title_is_descriptive": Column(
            "Intitulé descriptif",
            "Title is descriptive",
            "1 si aucune source ne donne de titre, 0 sinon.",
            "1 if no source gives a title, 0 if one does.",
            "0",
        ),
        "summary": Column(
            "Résumé",
            "Summary",
            "Ce qui a été fait, en une ou deux phrases.",
            "What was done, in a sentence or two.",
            "Une carte montre les services accessibles près de chez soi.",
        ),
        "url": _URL,
        "launched_on": Column(
            "Lancée le",
            "Launched on",
            "Date aussi précise que la source : 2017, 2017-06 ou 2017-06-30.",
            "Date as precise as the source: 2017, 2017-06 or 2017-06-30.",
            "2017-06",
        ),
        "note": _NOTE,
        "holders": Column(
            "Porteurs",
            "Holders",
            "Collectivités qui la portent, séparées par « ; » : noms, ou type et code.",
            "Collectivities that carry it, separated by “;”: names, or kind and code.",
            "DEPARTEMENT:45",
        ),
        "holders_departement": Column(
            "Département des porteurs",
            "Département of the holders",
            "Code ou nom du département, qui départage les homonymes.",
            "Code or name of the département, which tells homonyms apart.",
            "45",
        ),
    },
    "holder": {
        "initiative": _INITIATIVE,
        "position": _POSITION,
        "role": Column(
            "Rôle",
            "Role",
            "LEAD (porteur) ou PARTNER (partenaire) ; un LEAD vient en premier.",
            "LEAD or PARTNER; a LEAD comes first.",
            "LEAD",
        ),
        "kind": _KIND,
        "code": _CODE,
    },
    "award": {
        "key": Column(
            "Clé",
            "Key",
            "Prix, année, thème, niveau et lauréat : a-z, 0-9 et tirets. Elle ne change plus.",
            "Prize, year, theme, level and winner: a-z, 0-9 and hyphens. It never changes.",
            "prix-exemple-2017-gouvernance-or-loiret",
        ),
        "prize": _PRIZE,
        "year": _YEAR,
        "level": Column(
            "Niveau",
            "Level",
            "GRAND_PRIX, GOLD (or), SILVER (argent), BRONZE, LAUREATE (lauréat), SPECIAL, MENTION "
            "ou UNKNOWN (inconnu).",
            "GRAND_PRIX, GOLD, SILVER, BRONZE, LAUREATE, SPECIAL, MENTION or UNKNOWN.",
            "GOLD",
        ),
        "level_as_printed": Column(
            "Niveau imprimé",
            "Level as printed",
            "Niveau dans les mots du prix.",
            "Level in the words of the prize.",
            "Trophée d’or",
        ),
        "category": Column(
            "Thème", "Category", "Identifiant du thème.", "Slug of the theme.", "gouvernance"
        ),
        "category_as_printed": Column(
            "Thème imprimé",
            "Category as printed",
            "Thème dans les mots de cette année.",
            "Theme in the words of that year.",
            "Gouvernance et participation",
        ),
        "sponsor": Column(
            "Parrain",
            "Sponsor",
            "Qui parraine le thème cette année.",
            "Who sponsors the theme that year.",
            "",
        ),
        "initiative": _INITIATIVE._replace(
            description_fr="Identifiant de l’initiative distinguée ; vide si la liste ne donne que "
            "le lauréat.",
            description_en="Slug of the initiative that won; empty if the list only gives the "
            "winner.",
        ),
        "source": _SOURCE,
        "note": _NOTE,
        "laureates": Column(
            "Lauréats",
            "Laureates",
            "Gagnants séparés par « ; » : noms, ou type et code (DEPARTEMENT:45).",
            "Winners separated by “;”: names, or kind and code (DEPARTEMENT:45).",
            "Conseil départemental du Loiret",
        ),
        "laureates_departement": Column(
            "Département des lauréats",
            "Département of the laureates",
            "Code ou nom du département, qui départage les homonymes.",
            "Code or name of the département, which tells homonyms apart.",
            "45",
        ),
    },
    "laureate": {
        "award": Column(
            "Distinction",
            "Award",
            "Clé de la distinction.",
            "Key of the award.",
            "prix-exemple-2017-gouvernance-or-loiret",
        ),
        "position": _POSITION,
        "kind": _KIND,
        "code": _CODE,
        "name_as_printed": Column(
            "Nom imprimé",
            "Name as printed",
            "Nom du lauréat dans la liste.",
            "Name of the winner in the list.",
            "Conseil départemental du Loiret",
        ),
        "service": Column(
            "Service",
            "Service",
            "Direction ou mairie que la source nomme.",
            "Directorate or town hall that the source names.",
            "",
        ),
    },
    "metric": {
        "initiative": _INITIATIVE,
        "name_fr": Column(
            "Indicateur",
            "Name (French)",
            "Ce qui est mesuré, en français.",
            "What is measured, in French.",
            "services recensés",
        ),
        "name_en": Column(
            "Indicateur en anglais",
            "Name (English)",
            "Ce qui est mesuré, en anglais.",
            "What is measured, in English.",
            "services listed",
        ),
        "value": Column(
            "Valeur",
            "Value",
            "Nombre décimal avec un point, sans unité.",
            "Decimal with a point, without unit.",
            "2730",
        ),
        "unit": Column(
            "Unité",
            "Unit",
            "Unité au singulier : personne, EUR, %, ha.",
            "Unit in the singular, in French: personne, EUR, %, ha.",
            "service",
        ),
        "year": Column(
            "Année",
            "Year",
            "Année de la mesure, ou de la distinction.",
            "Year of the measurement, or that of the award.",
            "2017",
        ),
        "as_of": Column(
            "Date de la mesure",
            "As of",
            "Date aussi précise que la source : 2017, 2017-11 ou 2017-11-14.",
            "Date as precise as the source: 2017, 2017-11 or 2017-11-14.",
            "2017-11",
        ),
        "qualifier": Column(
            "Réserve",
            "Qualifier",
            "Mots imprimés devant le chiffre.",
            "Words printed in front of the figure.",
            "près de",
        ),
        "qualifier_kind": Column(
            "Sens de la réserve",
            "Kind of qualifier",
            "ABOUT (environ), NEARLY (près de), MORE_THAN (plus de), AT_LEAST (au moins) ou UP_TO "
            "(jusqu’à).",
            "ABOUT, NEARLY, MORE_THAN, AT_LEAST or UP_TO.",
            "NEARLY",
        ),
        "is_target": Column(
            "Objectif",
            "Is a target",
            "1 pour un objectif, 0 pour une mesure.",
            "1 for a goal, 0 for a measurement.",
            "0",
        ),
        "source": _SOURCE,
        "note": _NOTE,
    },
}
