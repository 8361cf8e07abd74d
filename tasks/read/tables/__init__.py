"""Tables of tasks, ruled or flattened, to rows."""
