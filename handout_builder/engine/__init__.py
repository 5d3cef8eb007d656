"""WeasyPrint: started quickly, with our fonts only, and made faster where its version is known."""
