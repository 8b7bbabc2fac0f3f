"""The screens of a problem: list, registration, the problem itself, and one form for each verb."""
