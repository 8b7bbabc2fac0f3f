"""Doors: files, webhooks, mail. They translate; the areas below decide."""
