"""What authors already have, as handouts: Markdown, plain text, HTML and Word documents read, and written as YAML."""
