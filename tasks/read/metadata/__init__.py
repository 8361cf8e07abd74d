"""What a document says of itself: title, publisher, dates, index number, kind."""
