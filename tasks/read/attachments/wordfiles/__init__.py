"""Word-processor files of every age to pages: what a reader of the accepted document sees."""
