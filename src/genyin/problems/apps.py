from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "genyin.problems"
    label = "problems"
