"""Alerts: from a revision to the people and programs who must hear of it.

`matching` writes who is to be told, `gathering` makes mails of it, `sending` hands them to the mail server;
`subscriptions` lets people join and leave, `hooks` tells programs, `syndication` writes feeds. Each stage finds its
work by a query and claims it by a conditional UPDATE; running one again does nothing twice.
"""
