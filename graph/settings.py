"""Settings: read once from the environment, never changed. Units stand in the names."""

import re
from contextvars import ContextVar
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def limit(  # noqa: PLR0913  # what callers are told, and what may be set
    default: float,
    name: str,
    unit: str,
    description: str,
    *,
    ge: float = 1,
    le: float | None = None,
) -> Any:
    """A setting that callers are told of, by `name`."""
    told: Any = {"name": name, "unit": unit}
    return Field(default, ge=ge, le=le, description=description, json_schema_extra=told)


class Bounds(BaseModel):
    """Settings that callers are told of."""

    model_config = ConfigDict(frozen=True)

    def exceeded(self, setting: str, actual: float) -> dict[str, Any]:
        """What callers are told of a limit that they are over."""
        told: Any = type(self).model_fields[setting].json_schema_extra
        return {"name": told["name"], "max": getattr(self, setting), "actual": actual}


class Limits(Bounds):
    """What one operation may hold, ask for and take: the settings that bound it."""

    document_max_characters: int = limit(
        32 * 1024, "documentCharacters", "characters", "The longest document."
    )
    document_max_tokens: int = limit(
        2000, "documentTokens", "tokens", "Names, values and punctuators of a document."
    )
    document_max_comments: int = limit(
        100, "documentComments", "comments", "Comments of a document."
    )
    document_max_depth: int = limit(
        15,
        "documentDepth",
        "levels",
        "Fields inside fields, through fragments; `ofType` of the introspection is no level.",
    )
    document_max_aliases: int = limit(
        30, "documentAliases", "aliases", "Aliases of an operation, its fragments expanded."
    )
    document_max_root_fields: int = limit(
        20, "documentRootFields", "fields", "Root fields of an operation, its fragments expanded."
    )
    document_max_selections: int = limit(
        500,
        "documentSelections",
        "selections",
        "Fields and spreads of an operation, its fragments expanded.",
    )
    document_max_comparisons: int = limit(
        3_000,
        "documentComparisons",
        "comparisons",
        "Steps to find fields of one name that differ, of those spread side by side.",
    )
    document_max_directives: int = limit(
        30, "documentDirectives", "directives", "Directives of a document."
    )
    place_max_directives: int = limit(
        4, "placeDirectives", "directives", "Directives at one place of a document."
    )
    document_max_operations: int = limit(
        5, "documentOperations", "operations", "Operations of a document."
    )
    document_max_fragments: int = limit(
        50, "documentFragments", "fragments", "Fragments of a document."
    )
    document_max_variables: int = limit(
        100, "documentVariables", "variables", "Variables that a document defines."
    )
    literal_max_depth: int = limit(
        32, "literalDepth", "levels", "Lists and objects inside each other in a document."
    )
    literal_max_digits: int = limit(
        30, "literalDigits", "characters", "A number in a document, with sign, point and exponent."
    )
    literal_max_items: int = limit(200, "literalItems", "items", "Items of a list in a document.")
    # Of these the schema tells the most that may be set, and prices are made for no more.
    page_max_rows: int = limit(
        100, "pageRows", "rows", "A page; 20 rows unless `first` or `last` says otherwise.", le=100
    )
    list_max_items: int = limit(200, "listItems", "items", "A list in an argument.", le=200)
    text_max_characters: int = limit(
        1000, "textCharacters", "characters", "A text in an argument.", le=10_000
    )
    search_max_words: int = limit(16, "searchWords", "words", "Words of a search.", le=16)
    suggestion_max_rows: int = limit(20, "suggestionRows", "rows", "Suggestions.", le=20)
    # SQLite gives up on some 40 nested conditions, in words of its own.
    where_max_depth: int = limit(12, "whereDepth", "levels", "Conditions inside each other.", le=12)
    where_max_conditions: int = limit(
        100, "whereConditions", "conditions", "Conditions of a filter.", le=100
    )
    order_max_keys: int = limit(5, "orderKeys", "keys", "Keys of an order.", le=5)
    group_max_keys: int = limit(3, "groupKeys", "keys", "Keys of groups.", le=3)
    empty_group_max_keys: int = limit(
        2, "emptyGroupKeys", "keys", "Keys of groups with `includeEmpty`.", le=2
    )
    operation_max_nodes: int = limit(
        10_000,
        "operationNodes",
        "rows",
        "Rows that an operation asks for: page size times page size.",
    )
    operation_max_points: int = limit(
        50_000,
        "operationPoints",
        "points",
        "What an operation costs; a point is some 10 µs of work.",
    )
    operation_timeout_s: float = limit(
        5, "operationSeconds", "seconds", "How long an operation may take.", ge=0.01
    )
    statement_timeout_s: float = limit(
        2, "statementSeconds", "seconds", "How long one of its statements may take.", ge=0.01
    )
    response_max_rows: int = limit(
        50_000, "responseRows", "rows", "Rows that are read for a response."
    )
    response_max_bytes: int = limit(
        8 * 1024 * 1024, "responseBytes", "bytes", "The largest response, as it is before coding."
    )


# Those of the operation that is under way, for what is far from where it came in.
in_force: ContextVar[Limits] = ContextVar("in_force", default=Limits())  # noqa: B039  # frozen


class WireLimits(Bounds):
    """What a connection may send, and how long it may take over it."""

    url_max_bytes: int = limit(16 * 1024, "urlBytes", "bytes", "The longest address.", ge=64)
    url_max_parameters: int = limit(20, "urlParameters", "parameters", "Parameters of an address.")
    headers_max_bytes: int = limit(
        32 * 1024, "headerBytes", "bytes", "All headers of a request.", ge=256
    )
    headers_max_fields: int = limit(100, "headerFields", "headers", "Headers of a request.")
    body_max_bytes: int = limit(256 * 1024, "bodyBytes", "bytes", "The largest body.", ge=1024)
    json_max_depth: int = limit(
        32, "jsonDepth", "levels", "Lists and objects inside each other in variables."
    )
    json_max_values: int = limit(
        20_000, "jsonValues", "values", "Values of variables, those inside each other as well."
    )
    head_timeout_s: float = limit(
        10, "headSeconds", "seconds", "How long the address and headers may take to arrive.", ge=0.1
    )
    body_timeout_s: float = limit(
        10, "bodySeconds", "seconds", "How long the body may take to arrive.", ge=0.1
    )
    idle_timeout_s: float = limit(
        10,
        "idleSeconds",
        "seconds",
        "How long a connection is kept open for another request.",
        ge=0.1,
    )
    send_timeout_s: float = limit(
        30,
        "sendSeconds",
        "seconds",
        "How long a caller may take over an answer that waits for it.",
        ge=0.1,
    )
    max_requests_ahead: int = limit(
        32, "requestsAhead", "requests", "Requests of a connection that wait behind an answer."
    )
    max_connections: int = limit(
        2000,
        "openConnections",
        "connections",
        "Open connections of all callers; of more, those that wait longest are closed.",
        ge=2,
    )
    max_requests_in_flight: int = limit(
        500,
        "requestsInFlight",
        "requests",
        "Requests of all callers that are answered at once; more get status 503.",
    )


class Settings(BaseSettings, Limits, WireLimits):
    """How an instance runs; each field is the environment variable of its name."""

    model_config = SettingsConfigDict(frozen=True, env_prefix="TERRIGRAPH_", extra="ignore")

    database_url: str = Field(
        "sqlite:///terrigraph.db",
        validation_alias="DATABASE_URL",
        description="Where the data is kept: sqlite:///file.db or postgresql://user@host/name.",
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 picks one.")
    read_workers: int = Field(
        2,
        ge=1,
        le=64,
        description=(
            "Threads that read the database: each question on PostgreSQL, long ones on SQLite."
        ),
    )
    cache_max_bytes: int = Field(
        64 * 1024 * 1024, ge=0, description="Memory for answers that are kept; 0 keeps none."
    )
    cache_max_age_s: int = Field(
        60, ge=0, description="How long callers may use an answer before they ask again."
    )
    trusted_documents: Path | None = Field(
        None, description="A folder of documents that callers may name by their SHA-256."
    )
    trusted_proxies: tuple[str, ...] = Field(
        (),
        description=(
            "Networks of the proxies in front, as a JSON list; `unix` for a socket of that kind."
        ),
    )
    proxy_header: Literal["x-forwarded-for", "forwarded"] = Field(
        "x-forwarded-for",
        description="The header in which those proxies, and they alone, tell who calls.",
    )
    caller_ipv4_bits: int = Field(
        32, ge=8, le=32, description="Callers whose IPv4 addresses begin with as many bits are one."
    )
    caller_ipv6_bits: int = Field(
        64, ge=16, le=128, description="The same of IPv6; a household has 64 bits to itself."
    )

    points_per_hour: int = limit(
        5_000_000,
        "hourPoints",
        "points",
        "Points that a caller may spend in an hour, 0 for any number. Beside what questions cost, "
        "a new document takes a point for 2 characters, refused or not.",
        ge=0,
    )
    api_keys: dict[str, int] = Field(
        {},
        description=(
            "Points an hour of callers with a key, by the SHA-256 of the key, as a JSON object; "
            "0 for any number."
        ),
    )
    redis_url: str | None = Field(
        None,
        validation_alias="REDIS_URL",
        description="Where processes share budgets and answers: redis://host/0.",
    )

    harvest_networks: tuple[str, ...] = Field(
        (),
        description="Networks that lists may be fetched from although not public, as a JSON list.",
    )
    harvest_max_bytes: int = Field(
        200 * 1024 * 1024, ge=1024, description="The largest file that is fetched."
    )
    harvest_timeout_s: float = Field(
        600, gt=0, description="How long the fetch of a list may take, with tries and waits."
    )

    operator_networks: tuple[str, ...] = Field(
        ("127.0.0.0/8", "::1/128"), description="Networks that may read `/metrics`, as a JSON list."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is logged beside requests."
    )
    log_requests: Literal["all", "errors", "none"] = Field(
        "all", description="Which requests get a line in the log."
    )
    log_documents: bool = Field(default=False, description="Whether those lines hold the document.")

    @field_validator("api_keys")
    @classmethod
    def _check_keys(cls, given: dict[str, int]) -> dict[str, int]:
        for key, points in given.items():
            # Not shown: who wrote the key itself here must not find it in a log.
            if not re.fullmatch("[0-9a-f]{64}", key) or points < 0:
                raise ValueError("write the SHA-256 of each key, 64 hexadecimal digits, and points")
        return given

    @field_validator("harvest_networks")
    @classmethod
    def _check_addresses(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            ip_network(each)
        return given

    @field_validator("trusted_proxies", "operator_networks")
    @classmethod
    def _check_networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            if each != "unix":
                ip_network(each)
        return given
