"""The screens of trend analysis: candidates, families, figures, analyses."""
