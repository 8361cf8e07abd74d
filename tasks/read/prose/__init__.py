"""The outline of prose."""
