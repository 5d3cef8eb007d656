"""Bad inputs, by kind; what each must be answered stands in answers.json."""
