"""Addresses of the subscriber pages."""

from django.urls import path

from tracker.web.subscribers import mail, views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribed, name="subscribed"),
    path("subscriptions/<str:token>/", views.manage, name="manage"),
    path("subscriptions/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("mail/", mail.listing, name="mail"),
    path("mail/<str:name>/", mail.message, name="mail-message"),
    path("mail/<str:name>/html/", mail.html, name="mail-html"),
]
