"""The environment is read once, and refused in words where it cannot be used."""

import pytest

from genyin import config


@pytest.fixture(autouse=True)
def read_anew() -> None:
    config.load.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"), [("GENYIN_DATABASE_URL", "mysql://user:secret@host/db"), ("GENYIN_HTTPS", "maybe")]
)
def test_a_value_that_cannot_be_used_is_named_and_its_secret_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(config.BadConfiguration) as refused:
        config.load()
    assert name in str(refused.value)
    assert "secret" not in str(refused.value)
    monkeypatch.delenv(name)
    config.load.cache_clear()


def test_the_signing_key_is_made_once_and_only_its_owner_can_read_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("GENYIN_HOME", str(home))
    monkeypatch.delenv("GENYIN_SECRET_KEY", raising=False)
    first = config.load().secret_key()
    assert config.load().secret_key() == first
    assert (home / "secret_key").stat().st_mode & 0o077 == 0
    config.load.cache_clear()
