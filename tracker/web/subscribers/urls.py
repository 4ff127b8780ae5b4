"""Addresses of the subscriber pages."""

from django.urls import path

from tracker.web.subscribers import mail, managing, views, watchlists

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribed, name="subscribed"),
    path("subscriptions/", views.access, name="access"),
    path("subscriptions/<str:token>/", managing.manage, name="manage"),
    path("subscriptions/<str:token>/unsubscribe/", managing.unsubscribe, name="unsubscribe"),
    path("subscriptions/<str:token>/address/", managing.address, name="new-address"),
    path("subscriptions/<str:token>/add/", managing.add, name="add-alert"),
    path("subscriptions/<str:token>/data.json", managing.data, name="own-data"),
    path("subscriptions/<str:token>/watch-list/", watchlists.upload, name="watch-list"),
    path("subscriptions/<str:token>/watch-list.<str:form>", watchlists.download, name="watch-list-file"),
    path("mail/", mail.listing, name="mail"),
    path("mail/<str:name>/", mail.message, name="mail-message"),
    path("mail/<str:name>/html/", mail.html, name="mail-html"),
]
