"""Many copies of one handout, each with the words of one person: laid out once, filled many times."""
