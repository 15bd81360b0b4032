"""Why records are withdrawn: a code and what it needs to be told, in one text of the log."""

from graph.domain.codes import WithdrawalReason

_TEXTS = {
    WithdrawalReason.NOT_LISTED: (
        "no longer in the list « {0} » (ne figure plus dans la liste « {0} »)"
    ),
    WithdrawalReason.MERGED: "merged into {0} (réunie à {0})",
    WithdrawalReason.BY_OPERATOR: "withdrawn by the operator (retiré par l’exploitant) : {0}",
}
# Of the first releases of a database the log has no reasons.
_UNTOLD = "no longer in its list (ne figure plus dans sa liste)"


def written(code: WithdrawalReason, told: str) -> str:
    """A reason as the log keeps it: the code, a space, what is told with it."""
    return f"{code} {told}"


def code_of(reason: str | None) -> str:
    """The code of a reason from the log."""
    return reason.partition(" ")[0] if reason else WithdrawalReason.NOT_LISTED.value


def text_of(reason: str | None) -> str:
    """A reason from the log as people read it, in English and French."""
    if not reason:
        return _UNTOLD
    code, _, told = reason.partition(" ")
    return _TEXTS[WithdrawalReason(code)].format(told)
