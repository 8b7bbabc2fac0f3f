from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "genyin.reports"
    label = "reports"
