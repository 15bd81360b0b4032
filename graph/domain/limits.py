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

# Those that callers are told of beside the settings: name, value, unit, what it is.
FIXED = (
    ("pageRows", PAGE_MAX, "rows", "A page; 20 rows unless `first` or `last` says otherwise."),
    ("listItems", LIST_MAX_ITEMS, "items", "A list in an argument."),
    ("textCharacters", TEXT_MAX_CHARACTERS, "characters", "A text in an argument."),
    ("whereDepth", WHERE_MAX_DEPTH, "levels", "Conditions inside each other."),
    ("whereConditions", WHERE_MAX_CONDITIONS, "conditions", "Conditions of a filter."),
    ("orderKeys", ORDER_MAX_KEYS, "keys", "Keys of an order."),
    ("groupKeys", GROUP_MAX_KEYS, "keys", "Keys of groups."),
)
