"""What several tests share: the project, its text, and the finished files as other programs see them."""
