from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "genyin.knowledge"
    label = "knowledge"
