"""Validation by graphql-core's rules, as far as they can fail, and bounded where they compare.

A rule that is about something which the document does not have cannot fail, and is left out:
each rule is asked about each node, so half of them are half of the time.
"""

from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutableDefinitionsRule,
    FieldsOnCorrectTypeRule,
    FragmentDefinitionNode,
    FragmentsOnCompositeTypesRule,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    KnownArgumentNamesRule,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    KnownOperationTypesRule,
    KnownTypeNamesRule,
    LoneAnonymousOperationRule,
    MaxIntrospectionDepthRule,
    NoFragmentCyclesRule,
    NoUndefinedVariablesRule,
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    NullValueNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    ParallelVisitor,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    TypeInfo,
    TypeInfoVisitor,
    UniqueArgumentNamesRule,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueInputFieldNamesRule,
    UniqueOperationNamesRule,
    UniqueVariableNamesRule,
    ValuesOfCorrectTypeRule,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    get_named_type,
    visit,
)
from graphql.pyutils import RefMap
from graphql.validation import ASTValidationRule, ValidationContext, ValidationRule
from graphql.validation.validate import (
    ValidationAbortedError,
    query_document_keys_to_validate,
)
from graphql.validation.validation_context import VariableUsage, VariableUsageVisitor
from strawberry.types.base import StrawberryMaybe, StrawberryOptional

from graph.domain.errors import null_field
from graph.execution.guard import refusal
from graph.settings import Limits

Rule = type[ASTValidationRule]
Definition = OperationDefinitionNode | FragmentDefinitionNode


class _KnownTypeNames(KnownTypeNamesRule):
    """The rule without suggestions: two hundred names would be compared for each error."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.type_names = []


class _NoNulls(ValidationRule):
    """A field of an input that may be left out is not null.

    As Strawberry's rule has it, which looks through all fields of the input for each object.
    """

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        """Called by graphql-core."""
        kind = get_named_type(self.context.get_parent_input_type())
        if isinstance(node.value, NullValueNode) and isinstance(kind, GraphQLInputObjectType):
            name = node.name.value
            declared = kind.fields[name].extensions if name in kind.fields else {}
            told = getattr(declared.get("strawberry-definition"), "type", None)
            if isinstance(told, StrawberryMaybe) and not isinstance(
                told.of_type, StrawberryOptional
            ):
                self.report_error(GraphQLError(null_field(f"Field '{name}'"), node))


# Each rule with what a document must have for it to fail; most of it is what the guard has found
# to be doubled, unknown or unused, so that these rules are there to say it in words. Rules about
# subscriptions, @defer and @stream are not here: the schema has none of them, which is an error
# already.
_RULES: tuple[tuple[Rule, str], ...] = (
    (ExecutableDefinitionsRule, "definitions"),
    (KnownOperationTypesRule, ""),
    (UniqueOperationNamesRule, "operations"),
    (LoneAnonymousOperationRule, "operations"),
    (_KnownTypeNames, "fragments variables"),
    (FragmentsOnCompositeTypesRule, "fragments"),
    (VariablesAreInputTypesRule, "variables"),
    (ScalarLeafsRule, ""),
    (FieldsOnCorrectTypeRule, ""),
    (UniqueFragmentNamesRule, "doubled"),
    (KnownFragmentNamesRule, "unknown-fragments"),
    (NoUnusedFragmentsRule, "unused-fragments cycles"),
    (PossibleFragmentSpreadsRule, "fragments"),
    (NoFragmentCyclesRule, "cycles"),
    (UniqueVariableNamesRule, "doubled"),
    (NoUndefinedVariablesRule, "unknown-variables cycles"),
    (NoUnusedVariablesRule, "unused-variables cycles"),
    (KnownDirectivesRule, "directives"),
    (UniqueDirectivesPerLocationRule, "doubled"),
    (KnownArgumentNamesRule, ""),
    (UniqueArgumentNamesRule, "doubled"),
    (ValuesOfCorrectTypeRule, ""),
    (ProvidedRequiredArgumentsRule, ""),
    (VariablesInAllowedPositionRule, "variables"),
    (OverlappingFieldsCanBeMergedRule, "fragments repeats"),
    (UniqueInputFieldNamesRule, "doubled"),
    (MaxIntrospectionDepthRule, "introspection"),
    # Not Strawberry's rule for @oneOf inputs, which raises where a fragment comes before its
    # operation or uses a variable that is not defined; graphql-core's own rules know @oneOf.
    (_NoNulls, "nulls"),
)
_MAX_ERRORS = 20
# Finding what may have been meant takes a millisecond each time.
_MAX_SUGGESTIONS = 3
# Half of all nodes are names, which no rule asks for as nodes.
_KEYS = {
    kind: tuple(key for key in keys if key not in {"name", "alias"})
    for kind, keys in query_document_keys_to_validate.items()
}


class Validation:
    """The validation of documents against one schema."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits

    def errors(self, document: DocumentNode, features: frozenset[str]) -> list[GraphQLError]:
        """What is wrong with a document; one refusal when that takes too much to tell."""
        most = self._limits.document_max_comparisons
        context = _Context(self._schema, document)
        rules = [rule(context) for rule in rules_for(features)]
        for rule in rules:
            if isinstance(rule, OverlappingFieldsCanBeMergedRule):
                rule.rule_context.remaining_complexity_budget = most
        try:
            visit(document, TypeInfoVisitor(context.type_info, ParallelVisitor(rules)), _KEYS)
        except _Enough:
            pass
        except ValidationAbortedError:
            return [refusal(self._limits, "document_max_comparisons", most + 1)]
        return context.errors


@cache
def rules_for(features: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that can fail for a document that has these features, in graphql-core's order.

    Definitions of a schema are not counted by the guard: of what is in them all may fail.
    """
    return tuple(
        rule
        for rule, needed in _RULES
        if not needed or "definitions" in features or not features.isdisjoint(needed.split())
    )


class _Enough(Exception):  # an end, not a fault
    """There are as many errors as are told."""


class _Context(ValidationContext):
    """What rules share: the errors so far, and what they have found out of each node."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.errors: list[GraphQLError] = []
        self.type_info = TypeInfo(schema)
        super().__init__(schema, document, self.type_info, self._tell)
        # Nodes are equal when all that is in them is: to look one up in a dictionary would take
        # going through it, several times for each operation and fragment.
        self._fragment_spreads = RefMap()  # type: ignore[assignment]
        self._variable_usages = RefMap()  # type: ignore[assignment]
        self._recursive_variable_usages = RefMap()  # type: ignore[assignment]

    def get_variable_usages(self, node: Definition) -> list[VariableUsage]:
        """The variables used in an operation or fragment itself."""
        usages: list[VariableUsage] | None = self._variable_usages.get(node)
        if usages is None:
            visitor = VariableUsageVisitor(self.type_info)
            visit(node, TypeInfoVisitor(self.type_info, visitor), _KEYS)
            usages = self._variable_usages[node] = visitor.usages
        return usages

    def _tell(self, error: GraphQLError) -> None:
        self.errors.append(error)
        if len(self.errors) >= _MAX_ERRORS:
            raise _Enough

    @property
    def hide_suggestions(self) -> bool:
        """Whether errors no longer tell what may have been meant."""
        return len(self.errors) >= _MAX_SUGGESTIONS
