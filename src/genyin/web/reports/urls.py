"""Addresses of the reports' screens."""

from genyin.web.reports import issue, month, months, records

urlpatterns = [*months.urlpatterns, *issue.urlpatterns, *records.urlpatterns, *month.urlpatterns]
