"""A clinic's brand: ``_brand.yml`` loaded and checked, its logo, its words, what it adds to a product."""
