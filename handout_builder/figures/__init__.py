"""Drawings of the body: views, marks, labels with leader lines."""
