from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "genyin.changes"
    label = "changes"
