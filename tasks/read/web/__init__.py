"""HTML to pages: tables as grids with their spans resolved."""
