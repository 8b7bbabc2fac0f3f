from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "genyin.intake"
    label = "intake"
