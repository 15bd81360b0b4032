"""What one question may ask for; each refusal names the limit and the remedy."""

PAGE_DEFAULT = 20
PAGE_MAX = 100
LIST_MAX_ITEMS = 200
TEXT_MAX_CHARACTERS = 1000
# SQLite gives up on some 40 nested conditions, in words of its own.
WHERE_MAX_DEPTH = 12
WHERE_MAX_CONDITIONS = 100
ORDER_MAX_KEYS = 5
GROUP_MAX_KEYS = 3
