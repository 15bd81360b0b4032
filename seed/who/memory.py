"""x"""

import sqlalchemy as sa

from seed.who.asked import Decision


def reviewed(connection: sa.Connection) -> dict[str, Decision]:
    return {}
