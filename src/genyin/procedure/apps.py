from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    name = "genyin.procedure"
    label = "procedure"
