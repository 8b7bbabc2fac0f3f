from django.apps import AppConfig


class TrendsConfig(AppConfig):
    name = "genyin.trends"
    label = "trends"
