"""How much each way to find a name is trusted, from 0 to 1."""

# What leaves no room for another.
CODE = 1.0
REVIEWED = 1.0
WHOLE = 1.0

# Another name on record. As sure as an official one, and no surer: both tie.
KNOWN_AS = 0.99

# Other spaces ("Villeneuve", "Ville neuve"), articles and "de" left out.
SPACES = 0.97
LINKS = 0.94

# Of an intercommunalité: its type is not told; it has outgrown the one that is told; it has
# another one; it is called by its initials.
TYPE_UNTOLD = 0.92
TYPE_OUTGROWN = 0.86
TYPE_OTHER = 0.75
SIGLE = 0.84

# A homonym that has a hundred times as many inhabitants as all others together.
DOMINANT = 0.85

# Words that the name does not need, such as a service.
WORDS_ASIDE = 0.86

# But for one letter: of names of 12 letters and more, of 8, and of fewer or with another first
# letter. Where a list says where somebody is, some more.
NEARLY_LONG = 0.84
NEARLY = 0.78
NEARLY_SHORT = 0.7
NEARLY_INSIDE = 0.06

# Never enough without a person.
SOME_WORDS = 0.6
TIED = 0.5
CONTRADICTED = 0.5
PARTS = 0.4
NO_PARENT = 0.5

# What a score is multiplied by.
BODY = 0.97
DELEGATED = 0.97
OUT_OF_TIME = 0.75
OUTSIDE = 0.6
OTHER_KIND = 0.6
# A guess that is where a list says, while somebody of that very name is elsewhere.
GUESS_INSIDE = 0.85

# Of two scores so close neither is better.
SAME = 0.02
# A current commune so close is not passed over for a delegated one.
SAME_OF_CURRENT = 0.1
