"""Alembic's entry: runs on the connection that `warehouse.migrate` hands over, so no ini file is needed."""

from __future__ import annotations

from alembic import context

from warehouse.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
# The caller's transaction is the only one: tables, views and the version become visible together.
context.run_migrations()
