"""Why a name is decided as it is, in French and English."""

from typing import NamedTuple

_SHOWN_CHARACTERS = 60


def _shown(given: str) -> str:
    return given if len(given) <= _SHOWN_CHARACTERS else given[:_SHOWN_CHARACTERS] + "…"


class Reason(NamedTuple):
    """One sentence for people, twice."""

    fr: str
    en: str


def code(given: str) -> Reason:
    """The official code."""
    return Reason(f"code officiel {_shown(given)}", f"official code {_shown(given)}")


def former_code(given: str) -> Reason:
    """A code of the past."""
    return Reason(
        f"ancien code {_shown(given)}, qui mène à la commune actuelle",
        f"former code {_shown(given)}, which leads to the current commune",
    )


def siren(given: str) -> Reason:
    """A SIREN, on its own or in a SIRET."""
    return Reason(f"SIREN {_shown(given)}", f"SIREN {_shown(given)}")


def wrong_digits(given: str) -> Reason:
    """A number that fails its own check."""
    return Reason(
        f"{_shown(given)} n’est ni un SIREN ni un SIRET : la clé de contrôle est fausse",
        f"{_shown(given)} is neither a SIREN nor a SIRET: its check digit is wrong",
    )


def unknown_siren(given: str) -> Reason:
    """A sound number of somebody else."""
    return Reason(
        f"SIREN {_shown(given)} : aucune collectivité ne le porte ici",
        f"SIREN {_shown(given)}: no collectivity has it here",
    )


def unknown_code(given: str) -> Reason:
    """A code of nobody."""
    return Reason(f"code {_shown(given)} inconnu", f"unknown code {_shown(given)}")


def disagreed(name: str) -> Reason:
    """Code and name say different things."""
    return Reason(
        f"le nom en désigne une autre que le code, qui est celui de {name}",
        f"the name means another than the code, which is that of {name}",
    )


AGREED = Reason("le nom concorde", "the name agrees")
NAME_UNKNOWN = Reason("le nom seul ne mène à personne", "the name alone leads nowhere")
WHOLE = Reason("nom officiel", "official name")
SPACES = Reason("nom officiel, autrement coupé", "official name, otherwise spaced")
LINKS = Reason("nom officiel, aux articles près", "official name but for its articles")
TYPE_UNTOLD = Reason(
    "nom de l’intercommunalité, sans ou avec un autre mot pour ce qu’elle est",
    "name of the intercommunalité, without or with another word for what it is",
)
TYPE_OUTGROWN = Reason(
    "nom de l’intercommunalité, qui a changé de catégorie depuis",
    "name of the intercommunalité, which has another category since",
)
TYPE_OTHER = Reason(
    "nom d’une intercommunalité d’une autre catégorie : à vérifier",
    "name of an intercommunalité of another category: to be checked",
)
SIGLE = Reason("sigle de l’intercommunalité", "initials of the intercommunalité")
NEARLY = Reason("à une lettre près", "but for one letter")
WORDS_ASIDE = Reason("des mots ont été laissés de côté", "some words were left aside")
SOME_WORDS = Reason(
    "une partie du nom seulement : à vérifier", "a part of the name only: to be checked"
)
DEPARTEMENT = Reason("le département indiqué concorde", "the département that is given agrees")
OUTSIDE = Reason("hors du département indiqué", "outside the département that is given")
OTHER_KIND = Reason("d’un autre genre que celui indiqué", "of another kind than the one given")
POSTAL_CODE = Reason("le code postal concorde", "the postal code agrees")
OUT_OF_TIME = Reason(
    "ce nom n’était pas en usage cette année-là", "this name was not in use that year"
)
CURRENT_FIRST = Reason(
    "une commune déléguée ou associée porte le même nom",
    "a delegated or associated commune has the same name",
)
ONE_INSTITUTION = Reason(
    "une seule collectivité exerce les deux compétences",
    "one collectivity exercises both competences",
)
NOBODY = Reason("personne de ce nom", "nobody of that name")
EMPTY = Reason("aucun nom", "no name")
REVIEWED = Reason("décidé lors d’une revue", "decided in a review")
NO_PARENT = Reason(
    "sa collectivité de rattachement n’est pas certaine",
    "the collectivity that it belongs to is not certain",
)


def known_as(name: str) -> Reason:
    """Another name that is on record."""
    return Reason(f"autre nom de {name}", f"another name of {name}")


def unknown_place(given: str) -> Reason:
    """A département that is none."""
    return Reason(
        f"« {_shown(given)} » n’est pas un département", f"“{_shown(given)}” is no département"
    )


def dominant(number: int) -> Reason:
    """A homonym that outweighs the others."""
    return Reason(
        f"{number} homonyme(s), au moins cent fois moins d’habitants ensemble",
        f"{number} homonym(s), at least a hundred times fewer inhabitants together",
    )


def tied(number: int) -> Reason:
    """Several that nothing tells apart."""
    return Reason(
        f"{number} homonymes ; précisez le département ou le genre",
        f"{number} homonyms; give the département or the kind",
    )


def delegated(sub_kind: str, successor: str) -> Reason:
    """A commune that became part of another."""
    return Reason(f"{sub_kind} de {successor}", f"{sub_kind} of {successor}")


def body(sub_kind: str, parent: str) -> Reason:
    """A body of a collectivity."""
    return Reason(f"{sub_kind}, rattaché à {parent}", f"{sub_kind}, attached to {parent}")


def parts(names: str) -> Reason:
    """Several at once."""
    return Reason(
        f"plusieurs collectivités : {names} ; séparez-les par « ; »",
        f"several collectivities: {names}; separate them by “;”",
    )
