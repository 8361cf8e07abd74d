"""What an operator starts: Prefect flows and the command line, both thin over `tasks`."""
