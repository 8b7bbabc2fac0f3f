"""Setting up, people, tokens and the event log, as an administrator meets them at the terminal."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

SETUP = (
    "setup", "--organisation", "Example Provider", "--zone", "Asia/Shanghai", "--language", "en", "--admin", "admin",
    "--email", "admin@example.com", "--password", "correct-horse-battery",
)  # fmt: skip


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A home that was set up."""
    terminal = Terminal(tmp_path_factory.mktemp("home"))
    said = terminal(*SETUP, "--json")
    assert said.code == 0, said.err
    assert said.answer["organisation"] == "Example Provider"
    assert said.answer["migrations"] > 10
    assert "Fewer than two people hold the lead's right" in said.err
    return terminal


def test_before_setup_every_command_says_what_to_do(tmp_path: Path) -> None:
    said = Terminal(tmp_path)("audit", "head", "--json")
    assert said.code == 1
    assert said.answer["error"] == "not_ready"
    assert "genyin setup" in said.err


def test_setup_and_upgrade_are_safe_to_run_twice(terminal: Terminal) -> None:
    again = terminal(*SETUP)
    assert again.code == 0
    assert "admin is already there and stays as they are." in again.out
    upgraded = terminal("upgrade", "--json")
    assert (upgraded.code, upgraded.answer) == (0, {"migrations": 0})


def test_setup_without_a_person_to_ask_names_the_flag_that_is_missing(tmp_path: Path) -> None:
    said = Terminal(tmp_path)("setup")
    assert said.code == 2
    assert "--organisation is missing." in said.err


@pytest.mark.parametrize(
    ("flag", "value", "sentence"),
    [("--zone", "Mars/Olympus", "is no time zone"), ("--language", "fr", "is not spoken here")],
)
def test_setup_refuses_what_it_cannot_use_before_it_makes_anything(
    tmp_path: Path, flag: str, value: str, sentence: str
) -> None:
    said = Terminal(tmp_path)(*SETUP, flag, value, "--json")
    assert (said.code, said.answer["field"]) == (3, flag.removeprefix("--"))
    assert sentence in said.err
    assert not (tmp_path / "genyin.sqlite3").exists()


def test_people_are_added_once_and_only_with_roles_there_are(terminal: Terminal) -> None:
    words = ("user", "add", "lead1", "--name", "Lead 1", "--email", "lead1@example.com")
    added = terminal(*words, "--role", "lead", "--role", "first_line", "--json")
    assert (added.code, added.answer) == (
        0, {"login": "lead1", "name": "Lead 1", "roles": ["first_line", "lead"]},
    )  # fmt: skip
    taken = terminal(*words, "--role", "lead", "--json")
    assert (taken.code, taken.answer["field"]) == (3, "username")
    unknown = terminal("user", "add", "boss", "--email", "boss@example.com", "--role", "boss", "--json")
    assert (unknown.code, unknown.answer["field"]) == (3, "roles")


def test_a_token_is_shown_once_and_its_source_must_be_a_coded_one(terminal: Terminal) -> None:
    made = terminal("token", "add", "crm", "--source", "after_sales", "--json")
    assert made.code == 0
    assert made.answer["token"].startswith("gy_")
    assert made.answer["token"] not in (terminal.home / "genyin.sqlite3").read_bytes().decode("latin-1")
    refused = terminal("token", "add", "other", "--source", "gossip", "--json")
    assert (refused.code, refused.answer["field"]) == (3, "source")


def test_the_log_names_who_sat_at_the_terminal_and_its_first_broken_row(terminal: Terminal) -> None:
    whole = terminal("audit", "verify", "--json")
    assert (whole.code, whole.answer["ok"], whole.answer["first_broken"]) == (0, True, None)
    head = terminal("audit", "head", "--json")
    assert head.answer == {"events": whole.answer["events"], "hash": whole.answer["head"]}
    kept = terminal("audit", "head").out.strip()
    assert terminal("audit", "verify", "--kept", kept, "--json").code == 0
    other = terminal("audit", "verify", "--kept", f"{head.answer['events']} {'0' * 64}", "--json")
    assert (other.code, other.answer["first_broken"]) == (1, head.answer["events"])
    assert terminal("audit", "verify", "--kept", "the one of May", "--json").answer["field"] == "kept"
    with sqlite3.connect(terminal.home / "genyin.sqlite3") as database:
        names = {row[0] for row in database.execute("SELECT actor_name FROM base_event")}
        assert all(name.startswith("command line (") for name in names)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute("UPDATE base_event SET actor_name = 'nobody' WHERE seq = 2")
        database.execute("DROP TRIGGER base_event_no_update")
        database.execute("UPDATE base_event SET actor_name = 'nobody' WHERE seq = 2")
    database.close()
    broken = terminal("audit", "verify", "--json")
    assert (broken.code, broken.answer["ok"], broken.answer["first_broken"]) == (1, False, 2)
    chinese = Terminal(terminal.home, language="zh_CN.UTF-8")("audit", "verify")
    assert chinese.code == 1
    assert "the row was changed" not in chinese.out + chinese.err


def test_the_doctor_says_what_is_lacking(terminal: Terminal, tmp_path: Path) -> None:
    checks = {check["code"]: check for check in terminal("doctor", "--json").answer["checks"]}
    assert checks["database"]["ok"]
    assert checks["administrators"]["ok"]
    ill = Terminal(tmp_path)("doctor", "--json")
    assert (ill.code, ill.answer["ok"]) == (1, False)


def test_the_terminals_language_is_spoken(terminal: Terminal) -> None:
    english = terminal("upgrade")
    assert english.out == "The database is already of this version.\n"
    chinese = Terminal(terminal.home, language="zh_CN.UTF-8")("upgrade")  # also where that locale is not installed
    assert chinese.code == 0
    assert chinese.out != english.out


def test_a_person_and_a_token_see_what_was_opened_to_them(terminal: Terminal, tmp_path: Path) -> None:
    services = tmp_path / "services.csv"
    services.write_text("service,customer\nWard network,Hospital\n", encoding="utf-8")
    imported = terminal("import", str(services), "--source", "services", "--kind", "services")
    assert imported.code == 0, imported.err
    words = ("user", "add", "desk1", "--email", "desk1@example.com", "--role", "first_line")
    unknown = terminal(*words, "--customer", "Nobody", "--json")
    assert unknown.code == 3
    assert terminal(*words, "--customer", "Hospital", "--json").code == 0, "the refused try left nobody behind"
    assert terminal("token", "add", "monitor", "--service", "Ward network", "--json").code == 0
