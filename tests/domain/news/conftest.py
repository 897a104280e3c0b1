"""Letters are taken here, and none is sent."""

import pytest

from tests.domain.news.told import Post


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    post = Post()
    monkeypatch.setattr("app.domain.outbox.queue", post.queue)
    return post
