from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "genyin.base"
    label = "base"
