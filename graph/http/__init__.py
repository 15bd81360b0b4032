"""GraphQL over HTTP. Knows requests, responses and the schema; runs no SQL."""
