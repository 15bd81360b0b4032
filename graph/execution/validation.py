"""Validation by graphql-core's rules, as far as they can fail, and bounded where they compare.

A rule that is about something which the document does not have cannot fail, and is left out:
each rule is asked about each node, so half of them are half of the time.
"""

from functools import cache

from graphql import (
    DocumentNode,
    ExecutableDefinitionsRule,
    FieldsOnCorrectTypeRule,
    FragmentsOnCompositeTypesRule,
    GraphQLError,
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
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    UniqueArgumentNamesRule,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueInputFieldNamesRule,
    UniqueOperationNamesRule,
    UniqueVariableNamesRule,
    ValuesOfCorrectTypeRule,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
)
from graphql.validation import ASTValidationRule, ValidationContext, ValidationRule, validate
from graphql.validation.validate import ValidationAbortedError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from graph.execution.guard import refusal
from graph.settings import Limits

Rule = type[ASTValidationRule]

# Each rule with what a document must have for it to fail. Rules about subscriptions, @defer and
# @stream are not here: the schema has none of them, which is an error already.
_RULES: tuple[tuple[Rule, str], ...] = (
    (ExecutableDefinitionsRule, "definitions"),
    (KnownOperationTypesRule, ""),
    (UniqueOperationNamesRule, "operations"),
    (LoneAnonymousOperationRule, "operations"),
    (KnownTypeNamesRule, "definitions fragments variables"),
    (FragmentsOnCompositeTypesRule, "fragments"),
    (VariablesAreInputTypesRule, "variables"),
    (ScalarLeafsRule, ""),
    (FieldsOnCorrectTypeRule, ""),
    (UniqueFragmentNamesRule, "fragments"),
    (KnownFragmentNamesRule, "fragments"),
    (NoUnusedFragmentsRule, "fragments"),
    (PossibleFragmentSpreadsRule, "fragments"),
    (NoFragmentCyclesRule, "fragments"),
    (UniqueVariableNamesRule, "variables"),
    (NoUndefinedVariablesRule, "variables"),
    (NoUnusedVariablesRule, "variables"),
    (KnownDirectivesRule, "definitions directives"),
    (UniqueDirectivesPerLocationRule, "definitions directives"),
    (KnownArgumentNamesRule, ""),
    (UniqueArgumentNamesRule, ""),
    (ValuesOfCorrectTypeRule, ""),
    (ProvidedRequiredArgumentsRule, ""),
    (VariablesInAllowedPositionRule, "variables"),
    (OverlappingFieldsCanBeMergedRule, "fragments repeats"),
    (UniqueInputFieldNamesRule, "objects"),
    (MaxIntrospectionDepthRule, "introspection"),
    # Not Strawberry's rule for @oneOf inputs, which raises where a fragment comes before its
    # operation or uses a variable that is not defined; graphql-core's own rules know @oneOf.
    (MaybeNullValidationRule, "nulls"),
)
_MAX_ERRORS = 20
# Finding what may have been meant takes some milliseconds each time.
_MAX_SUGGESTIONS = 3


class Validation:
    """The validation of documents against one schema."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._overlaps = _bounded_overlaps(limits.document_max_comparisons)

    def errors(self, document: DocumentNode, features: frozenset[str]) -> list[GraphQLError]:
        """What is wrong with a document; one refusal when that takes too much to tell."""
        rules: list[Rule] = [_Suggestions, *map(self._bounded, rules_for(features))]
        errors = validate(self._schema, document, rules, max_errors=_MAX_ERRORS)
        if len(errors) <= _MAX_ERRORS and any(
            isinstance(error, ValidationAbortedError) for error in errors
        ):
            most = self._limits.document_max_comparisons
            return [refusal(self._limits, "document_max_comparisons", most + 1)]
        return errors

    def _bounded(self, rule: Rule) -> Rule:
        return self._overlaps if rule is OverlappingFieldsCanBeMergedRule else rule


@cache
def rules_for(features: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that can fail for a document that has these features, in graphql-core's order."""
    return tuple(
        rule for rule, needed in _RULES if not needed or not features.isdisjoint(needed.split())
    )


class _Suggestions(ValidationRule):
    """No rule: lets the first errors alone tell what may have been meant."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        left = _MAX_SUGGESTIONS
        report = context.on_error

        def on_error(error: GraphQLError) -> None:
            nonlocal left
            left -= 1
            context._hide_suggestions = left <= 0  # noqa: SLF001  # held by a test
            report(error)

        context.on_error = on_error  # type: ignore[method-assign]  # as graphql-core does it


def _bounded_overlaps(budget: int) -> Rule:
    """The rule that fields of one name are one field; it compares them in pairs."""

    class Overlaps(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = budget

    return Overlaps
