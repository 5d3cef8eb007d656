"""The service: handouts and visit sheets over HTTP, for programs, made by processes of a bounded number."""
