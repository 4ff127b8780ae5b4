"""How the service is seen from outside: probes, metrics, logs, traces, and `manage.py doctor`."""
