"""What begins or looks up for an author: new folders, imports, brands, points. Command line and studio share it."""
