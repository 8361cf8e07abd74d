"""What is kept: schema, views, migrations. Knows nothing of portals or documents' shapes."""
