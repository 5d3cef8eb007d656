"""Font files: coverage, regional shapes, clinics' own fonts."""
