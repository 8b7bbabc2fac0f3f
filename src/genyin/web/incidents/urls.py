"""Addresses of the incidents' screens. A number may hold a slash, so the longest addresses stand first."""

from genyin.web.incidents import entry, linking, lists, page

urlpatterns = [*lists.urlpatterns, *entry.urlpatterns, *linking.urlpatterns, *page.urlpatterns]
