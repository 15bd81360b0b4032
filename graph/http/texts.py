"""Pages that people read: the welcome at the root, limits, and what codes of errors mean."""

from collections.abc import Iterable
from functools import cache
from html import escape
from urllib.parse import urlencode

from graph.domain.errors import CODES
from graph.execution.limits import Limit
from graph.http import files

_FRAME = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<meta name="description" content="What French collectivities try, win and measure: an open API">
<link rel="icon" href="{icon}" type="image/svg+xml">
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""

_QUESTION = """{
  awards(
    first: 3
    where: { level: { eq: GOLD } }
  ) {
    nodes {
      year
      initiative { title }
      laureates { name }
    }
  }
}"""

_WELCOME = """<h1><img src="{icon}" alt="" width="40" height="40">Terrigraph</h1>
<div class="languages">
<section>
<p class="lead">Ce que les collectivités françaises tentent, gagnent et mesurent.</p>
<p>Communes, départements, régions, EPCI et leurs organismes, leurs initiatives, leurs prix et
leurs chiffres forment un seul graphe, chaque fait avec sa source, à partir des palmarès du Prix
Territoria, qui récompense depuis 1986 les initiatives publiques innovantes.</p>
<p>C’est une API GraphQL ouverte à tous : sans clé, depuis n’importe quel site, en lecture
seule.</p>
</section>
<section lang="en">
<p class="lead">What French collectivities try, win and measure.</p>
<p>Communes, départements, régions, EPCI and their bodies, their initiatives, prizes and figures
form one graph, each fact with its source. It starts from the palmarès of the Prix Territoria,
which has rewarded innovative public initiatives since 1986.</p>
<p>This is a GraphQL API open to all: without a key, from any site, read only.</p>
</section>
</div>
<pre><code>{question}</code></pre>
<p><a class="button" href="{ask}">Poser cette question ·
<span lang="en">Ask this question</span></a></p>
<ul class="links">
<li><a href="graphql">Explorer</a>
<span>des questions prêtes, et ce que dit chaque champ</span>
<span lang="en">ready questions, and what each field means</span></li>
<li><a href="schema.graphql">Schéma · <span lang="en">Schema</span></a>
<span>le contrat entier, commenté, en SDL</span>
<span lang="en">the whole contract, described, as SDL</span></li>
<li><a href="limits">Limites · <span lang="en">Limits</span></a>
<span>ce qu’une question peut contenir et coûter</span>
<span lang="en">what a question may hold and cost</span></li>
<li><a href="errors">Erreurs · <span lang="en">Errors</span></a>
<span>ce que dit chaque code</span>
<span lang="en">what each code means</span></li>
</ul>
<div class="languages">
<section>
<p>Un programme envoie ses questions en POST à <code>/graphql</code>, en JSON :
<code>{{"query": "…"}}</code>.</p>
<p>Données sous <a href="{licence}">Licence Ouverte 2.0</a> : réutilisez-les librement, en citant
leur source (<code>source</code>) et la version (<code>dataset {{ release }}</code>). Code sous
licence MIT.</p>
</section>
<section lang="en">
<p>A program sends its questions as POST to <code>/graphql</code>, in JSON:
<code>{{"query": "…"}}</code>.</p>
<p>Data under the <a href="{licence}">Licence Ouverte 2.0</a>: reuse it freely, and name its source
(<code>source</code>) and the release (<code>dataset {{ release }}</code>). Code under the MIT
licence.</p>
</section>
</div>"""

_CODES = """<h1>Codes d’erreur · <span lang="en">Error codes</span></h1>
<dl>{codes}</dl>
<p><a href="./">Terrigraph</a> · <a href="graphql">GraphiQL</a> ·
<a href="limits">Limites</a></p>"""

_LIMITS = """<h1>Limites · <span lang="en">Limits</span></h1>
<p>Au-delà, une question est refusée, avec le nom de la limite, ce qui a été mesuré et comment
demander moins.</p>
<p lang="en">Beyond, a question is refused, with the name of the limit, what was measured and how to
ask for less.</p>
<dl lang="en">{limits}</dl>
<p><a href="./">Terrigraph</a> · <a href="graphql">GraphiQL</a> ·
<a href="errors">Erreurs · <span lang="en">Errors</span></a></p>"""

_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"


@cache
def welcome() -> files.File:
    """What this is and where to go, in French and English."""
    body = _WELCOME.format(
        icon=files.addresses()["icon.svg"],
        question=escape(_QUESTION),
        ask=escape(f"graphql#{urlencode({'query': _QUESTION})}"),
        licence=_LICENCE,
    )
    return _framed("Terrigraph", body)


@cache
def codes() -> files.File:
    """What each code means, at the anchor that its errors lead to."""
    told = "".join(
        f'<dt id="{code}"><code>{code}</code></dt>'
        f'<dd>{escape(french)}</dd><dd lang="en">{escape(english)}</dd>'
        for code, (english, french) in CODES.items()
    )
    return _framed("Terrigraph – Codes d’erreur", _CODES.format(codes=told))


def limits(told: Iterable[Limit]) -> files.File:
    """What each limit is and counts."""
    rows = "".join(
        f"<dt><code>{name}</code> {most:,} {unit}</dt><dd>{escape(description)}</dd>"
        for name, most, unit, description in told
    )
    return _framed("Terrigraph – Limites", _LIMITS.format(limits=rows))


def _framed(title: str, body: str) -> files.File:
    addresses = files.addresses()
    return files.page(
        _FRAME.format(
            title=title,
            icon=addresses["icon.svg"],
            style=addresses["texts.css"],
            body=body,
        )
    )
