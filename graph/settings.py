"""Settings: read once from the environment, never changed. Units stand in the names."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
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
    body_max_bytes: int = Field(
        256 * 1024, ge=1024, description="The largest request body that is accepted."
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
