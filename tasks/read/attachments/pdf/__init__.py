"""PDF to pages of text and ruled tables."""
