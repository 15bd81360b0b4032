"""Documents met before: parsed and validated once, kept by their text."""

from collections import OrderedDict
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, parse
from graphql.validation import specified_rules, validate
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

_MAX_TOKENS = 2000
_MAX_DOCUMENTS = 512
# Without Strawberry's rule for @oneOf inputs, which raises where a fragment comes before its
# operation or uses a variable that is not defined; graphql-core's own rules know @oneOf.
_RULES = (*specified_rules, MaybeNullValidationRule)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document and what is wrong with it."""

    node: DocumentNode
    errors: list[GraphQLError]
    operations: int

    def errors_for(self, operation_name: str | None) -> list[GraphQLError]:
        """What keeps the document from being run under this operation name."""
        if self.errors or self.operations == 1 or operation_name is not None:
            return self.errors
        return [
            GraphQLError(
                f"the document has {self.operations} operations; set `operationName` to one",
                extensions={"code": "OPERATION_RESOLUTION_FAILURE"},
            )
        ]


class Documents:
    """The documents of one schema, the latest 512 of them."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[str, Document] = OrderedDict()

    def of(self, text: str) -> Document:
        """The document of a text. GraphQLSyntaxError when it cannot be parsed."""
        known = self._known.get(text)
        if known is None:
            node = parse(text, max_tokens=_MAX_TOKENS)
            errors = validate(self._schema, node, _RULES)
            operations = sum(isinstance(part, OperationDefinitionNode) for part in node.definitions)
            known = self._known[text] = Document(node, errors, operations)
            if len(self._known) > _MAX_DOCUMENTS:
                self._known.popitem(last=False)
        return known
