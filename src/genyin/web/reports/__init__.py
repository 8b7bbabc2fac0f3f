"""The screens of the monthly service report: months, figures with their records, drafts, issuing."""
