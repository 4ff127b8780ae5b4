# The application's image: web, workers, beat, the migration step and the mail catcher are the same image with
# different commands. A base by digest makes two builds alike: --build-arg PYTHON=python:3.12-slim-bookworm@sha256:...
ARG PYTHON=python:3.12-slim-bookworm

FROM ${PYTHON} AS environment
# requirements-observed.lock adds what sends errors to Sentry and traces by OpenTelemetry.
ARG LOCK=requirements.lock
COPY requirements.lock requirements-observed.lock /tmp/
# Compiled by contents, not by times: the same bytes at every build, and nothing to compile at the start.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-compile --require-hashes -r /tmp/${LOCK} \
    && /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

FROM ${PYTHON}
LABEL org.opencontainers.image.title="Governance event tracker" \
      org.opencontainers.image.description="Turns news into a trustworthy record of corporate governance"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/staticfiles
# The directories are where volumes are mounted: a new volume takes its owner from here.
RUN useradd --system --uid 10001 --home-dir /var/lib/tracker --create-home tracker \
    && install --directory --owner=tracker --group=tracker /var/lib/tracker/mail /backups
COPY --from=environment /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY api ./api
COPY events ./events
COPY fixtures ./fixtures
COPY tracker ./tracker
# Collecting files needs settings but none of the servers; these values stay in this one step.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash api events tracker \
    && SECRET_KEY=unused DATABASE_URL=postgresql://unused REDIS_URL=redis://unused \
    python manage.py collectstatic --noinput
USER tracker
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --retries=6 \
    CMD ["python", "-I", "tracker/alive.py", "http://127.0.0.1:8000/healthz"]
# Two workers of eight threads, of which four may wait for changes; heartbeats in memory, so that a slow disk is not taken for a dead worker.
CMD ["gunicorn", "tracker.wsgi:application", "--bind=0.0.0.0:8000", "--workers=2", "--threads=8", "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--config=python:tracker.seeing.gunicorn"]
