from genyin.web.imports import run, upload

urlpatterns = [*upload.urlpatterns, *run.urlpatterns]
