"""The words that the made-up records are built of, in French as the real ones are."""

from itertools import accumulate

from graph.domain.codes import Level, Qualifier


def _each(text: str) -> tuple[str, ...]:
    return tuple(text.split())


THEMES = (
    "Agenda de la transition",
    "Atelier de réparation",
    "Autopartage communal",
    "Bibliothèque d’objets",
    "Budget participatif",
    "Bus des services",
    "Cantine biologique",
    "Cartographie des risques",
    "Chaufferie au bois",
    "Compostage partagé",
    "Conseil des jeunes",
    "Coopérative d’habitants",
    "Coworking rural",
    "Crèche à horaires décalés",
    "Éclairage sobre",
    "École du numérique",
    "Ferme municipale",
    "Garde-manger solidaire",
    "Gestion différenciée",
    "Guichet unique",
    "Habitat intergénérationnel",
    "Haies et bocages",
    "Îlots de fraîcheur",
    "Jardins partagés",
    "Maison de santé",
    "Marché de producteurs",
    "Mutualisation des achats",
    "Navette électrique",
    "Observatoire de la biodiversité",
    "Parcours de mémoire",
    "Permis de végétaliser",
    "Plan de mobilité",
    "Relais des aidants",
    "Réseau de chaleur",
    "Ressourcerie",
    "Sentier d’interprétation",
    "Télémédecine de proximité",
    "Tiers-lieu culturel",
    "Transport à la demande",
    "Voies cyclables",
)

SUMMARIES = (
    "Les habitants choisissent {}, les services mettent en œuvre {}, un comité suit {}.",
    "Un projet {} porté avec {}, qui a réduit {} dès la première année.",
    "Le service itinérant {} dessert {} et {} deux fois par semaine.",
    "Une démarche {}, évaluée par {} et ouverte à {}.",
)
SUMMARY_WORDS = 3

_BEGINNINGS = _each(
    "am bal cal den épin fol gar har isol jon lar mer nal obs par quer ral sol tur val ver zon "
    "chan bre cré dro flu gla plé pri tri sta clo grou"
)
_MIDDLES = _each("a é i o ou an er is ol ur ati éra ila ova unti emen")
_ENDINGS = _each("eur ette age ment tion ité ance ible eux ière isme oir ude ard ois ain elle urne")

# Some ten thousand words that sound French, to be used as often as words of texts are: the
# hundredth most frequent half as often as the fiftieth. Those that say nothing are left out.
VOCABULARY = tuple(
    f"{beginning}{middle}{ending}"
    for ending in _ENDINGS
    for middle in _MIDDLES
    for beginning in _BEGINNINGS
)
_FIRST_RANK = 50
VOCABULARY_WEIGHTS = tuple(accumulate(1 / (_FIRST_RANK + rank) for rank in range(len(VOCABULARY))))

PRIZES = {
    "banc-essai-innovation": "Prix du banc d’essai de l’innovation locale",
    "banc-essai-nature": "Prix du banc d’essai de la nature en ville",
    "banc-essai-numerique": "Trophées du banc d’essai numérique",
    "banc-essai-participation": "Trophées du banc d’essai de la participation",
    "banc-essai-solidarite": "Prix du banc d’essai de la solidarité",
    "banc-essai-territoires": "Palmarès du banc d’essai des territoires",
}

SPONSORS = ("Banque des Territoires", "CNFPT", "La Poste", "MNT", "SMACL Assurances", None)

# Level, the words printed, and how often it is given, of 100.
LEVELS = (
    (Level.GRAND_PRIX, "Grand prix", 2),
    (Level.GOLD, "Prix d’Or", 16),
    (Level.SILVER, "Prix d’Argent", 20),
    (Level.BRONZE, "Prix de Bronze", 24),
    (Level.LAUREATE, "Lauréat", 20),
    (Level.SPECIAL, "Prix spécial", 8),
    (Level.MENTION, "Mention", 7),
    (Level.UNKNOWN, None, 3),
)

# French name, English name, unit, decimals of the figure.
METRICS = (
    ("agents formés", "staff trained", "agent", 0),
    ("arbres plantés", "trees planted", "arbre", 0),
    ("bénéficiaires", "beneficiaries", "personne", 0),
    ("budget", "budget", "EUR", 0),
    ("consultations", "consultations", "consultation", 0),
    ("économie annuelle", "yearly saving", "EUR", 0),
    ("émissions évitées", "emissions avoided", "t", 1),
    ("énergie économisée", "energy saved", "MWh", 1),
    ("linéaire aménagé", "length laid out", "km", 2),
    ("participants", "participants", "personne", 0),
    ("part des déchets valorisés", "share of waste recovered", "%", 1),
    ("projets retenus", "projects chosen", "projet", 0),
    ("repas servis", "meals served", "repas", 0),
    ("surface concernée", "area concerned", "ha", 2),
)

# The words before a figure and what they mean; most figures have none.
QUALIFIERS = (
    (None, None),
    (None, None),
    (None, None),
    (None, None),
    ("environ", Qualifier.ABOUT),
    ("près de", Qualifier.NEARLY),
    ("plus de", Qualifier.MORE_THAN),
)
