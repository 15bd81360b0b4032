"""Documents met before: checked, parsed and validated once, kept by their text."""

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, parse

from graph.execution.cost import Cost, OperationCost
from graph.execution.guard import Refused, check_text, measure
from graph.execution.pricing import Pricing
from graph.execution.validation import Validation
from graph.settings import Limits

_MAX_DOCUMENTS = 512
# A token takes some 400 bytes with all that is made of it.
_MAX_TOKENS = 100_000
# What is refused is cheap to keep, and must not drive out what is asked.
_MAX_REFUSED = 64
# To parse and validate a character takes some 5 µs, half a point; to receive what is too long
# to be read, a millisecond.
_CHARACTERS_PER_POINT = 2
_TOO_LONG_POINTS = 100


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document that can be run, and what each of its operations costs, by name."""

    node: DocumentNode
    costs: dict[str | None, OperationCost]

    def operation(self, name: str | None) -> OperationCost | None:
        """The operation that is meant, None when there is none. Refused when it may be several."""
        if name is None and len(self.costs) > 1:
            message = f"the document has {len(self.costs)} operations; set `operationName` to one"
            code = {"code": "OPERATION_RESOLUTION_FAILURE"}
            raise Refused([GraphQLError(message, extensions=code)])
        return self.costs.get(name) if name is not None else next(iter(self.costs.values()), None)


class Documents:
    """The documents of one schema that were asked last."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self.schema = schema
        self.limits = limits
        self._validation = Validation(schema, limits)
        self._pricing = Pricing(schema)
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._tokens = 0
        self._refused: OrderedDict[str, list[GraphQLError]] = OrderedDict()

    def of(self, text: str) -> Document:
        """The document of a text. Refused when it cannot be run."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        errors = self._refused.get(text)
        if errors is None:
            try:
                return self._keep(text, self._checked(text))
            except Refused as refused:
                errors = refused.errors
                self._remember(text, errors)
        # An error that is raised anew each time would hold on to all its callers.
        raise Refused(errors)

    def reading_points(self, text: str) -> int:
        """What it costs to read a document: nothing for one that was met lately, good or bad."""
        if text in self._known or text in self._refused:
            return 0
        if len(text) > self.limits.document_max_characters:
            return _TOO_LONG_POINTS
        return ceil(len(text) / _CHARACTERS_PER_POINT)

    def cost(
        self, text: str, operation_name: str | None, variables: dict[str, Any] | None
    ) -> Cost | None:
        """What an operation costs, None when there is none. Refused when it cannot be run."""
        operation = self.of(text).operation(operation_name)
        if operation is None:
            return None
        cost = operation.of(variables)
        operation.check(cost, variables, self.limits)
        return cost

    def _checked(self, text: str) -> Document:
        _refuse(check_text(text, self.limits))
        node = self._parsed(text)
        measured = measure(node, self.limits)
        _refuse(measured.refusals)
        _refuse(self._validation.errors(node, measured.features))
        return Document(node, self._pricing.costs(node, measured.depths))

    def _parsed(self, text: str) -> DocumentNode:
        try:
            return parse(
                text,
                max_lexical_tokens=self.limits.document_max_tokens,
                max_comments=self.limits.document_max_comments,
                max_source_length=self.limits.document_max_characters,
            )
        except GraphQLSyntaxError as error:
            raise Refused([error]) from None

    def _keep(self, text: str, document: Document) -> Document:
        self._known[text] = document
        self._tokens += document.node.token_count
        while len(self._known) > _MAX_DOCUMENTS or self._tokens > _MAX_TOKENS:
            _, oldest = self._known.popitem(last=False)
            self._tokens -= oldest.node.token_count
        return document

    def _remember(self, text: str, errors: list[GraphQLError]) -> None:
        if len(text) > self.limits.document_max_characters:
            return
        for error in errors:
            # The places are told by now; the nodes would keep the whole document.
            error.nodes = error.source = error.positions = None
            error.__traceback__ = None
        self._refused[text] = errors
        if len(self._refused) > _MAX_REFUSED:
            self._refused.popitem(last=False)


def _refuse(errors: list[GraphQLError]) -> None:
    if errors:
        raise Refused(errors)
