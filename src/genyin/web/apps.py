from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "genyin.web"
    label = "web"
