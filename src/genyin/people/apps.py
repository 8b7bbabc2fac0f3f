from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "genyin.people"
    label = "people"
