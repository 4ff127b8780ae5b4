"""Django's Redis cache on the embedded server."""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from tracker.local.client import ensure_redis


class EmbeddedRedisCacheClient(RedisCacheClient):
    """The client of Django's cache, whose server is started before it gives out a connection."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        ensure_redis()
        return super().get_client(key, write=write)


class EmbeddedRedisCache(RedisCache):
    """The Redis cache, started at first use."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = EmbeddedRedisCacheClient
