from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "genyin.incidents"
    label = "incidents"
