"""Words without a handout: languages, Markdown, sentences, readability."""
