from genyin.web.reviews import lists, page

urlpatterns = [*lists.urlpatterns, *page.urlpatterns]
