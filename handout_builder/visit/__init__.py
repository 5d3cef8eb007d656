"""The visit sheet: what one person does at home, on one page."""
