"""The program's version, in the one place that pyproject.toml, files and --version agree on."""

VERSION = "1.0.0"
