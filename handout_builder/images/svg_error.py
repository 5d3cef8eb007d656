"""What is wrong with a drawing, and what to do."""


class SvgError(ValueError):
    """An SVG file cannot be used; ``message`` says why, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = "export it again as plain SVG, or as PNG") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)
