"""`python -m tests.house.contracts`: import-linter, which brings a script but no module to call."""

from importlinter.cli import lint_imports_command

if __name__ == "__main__":
    lint_imports_command()
