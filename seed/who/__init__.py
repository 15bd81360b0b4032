"""Who is this? Names that lists print, and the official codes that they mean."""

from seed.who.asked import THRESHOLD, Asked, Body, Candidate, Decision
from seed.who.register import Register

__all__ = ["THRESHOLD", "Asked", "Body", "Candidate", "Decision", "Register"]
