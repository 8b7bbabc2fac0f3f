"""Genyin 根因: problem management for IT-service teams."""

__version__ = "0.1.0"
