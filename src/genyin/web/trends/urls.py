"""Addresses of the trends' screens."""

from genyin.web.trends import analyses, candidates, corrections, decide, families, family, figures, novelty

urlpatterns = [
    *candidates.urlpatterns,
    *decide.urlpatterns,
    *novelty.urlpatterns,
    *families.urlpatterns,
    *corrections.urlpatterns,
    *family.urlpatterns,
    *figures.urlpatterns,
    *analyses.urlpatterns,
]
