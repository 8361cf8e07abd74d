"""What a body is, and in which encoding its text stands."""
