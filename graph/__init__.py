"""Terrigraph: an open GraphQL API over what French collectivities try, win and measure."""
