from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "genyin.reviews"
    label = "reviews"
