"""Workbooks of every age to pages: cells as shown."""
