"""Metrics, frozen figures, the register, the monthly service report and the documents."""
