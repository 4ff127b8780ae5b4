"""The read side: what every face (API, pages, terminal, alerts) shows of the record. It never writes."""
