# The application's image: web, worker, beat and the migration step are the same image with different commands.
FROM python:3.12-slim AS environment
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/staticfiles
RUN useradd --system --uid 10001 --home-dir /var/lib/tracker --create-home tracker
COPY --from=environment /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY api ./api
COPY events ./events
COPY fixtures ./fixtures
COPY tracker ./tracker
# Collecting files needs settings but none of the servers; these values stay in this one step.
RUN SECRET_KEY=unused DATABASE_URL=postgresql://unused REDIS_URL=redis://unused \
    python manage.py collectstatic --noinput
USER tracker
VOLUME /var/lib/tracker
EXPOSE 8000
# Two workers of eight threads, of which four may wait for changes; heartbeats in memory, so that a slow disk is not taken for a dead worker.
CMD ["gunicorn", "tracker.wsgi:application", "--bind=0.0.0.0:8000", "--workers=2", "--threads=8", "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--access-logfile=-"]
