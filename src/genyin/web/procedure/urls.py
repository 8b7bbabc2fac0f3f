from genyin.web.procedure import page, services

urlpatterns = [*page.urlpatterns, *services.urlpatterns]
