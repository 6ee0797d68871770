"""Settings come from the file, then the environment; what nobody knows is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import load_settings


def test_without_any_setting_the_index_is_in_the_home_folder(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path / "kyodo.toml")
    assert settings.index == Path.home() / ".local" / "share" / "kyodo" / "index"
    assert settings.model is None


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_text('[index]\nmodel = "from-file"\n', encoding="utf-8")
    assert load_settings({}, file).model == "from-file"
    assert load_settings({"KYODO_INDEX_MODEL": "from-env"}, file).model == "from-env"


def test_the_data_folder_is_named_by_the_environment(tmp_path: Path) -> None:
    assert load_settings({"KYODO_HOME": str(tmp_path)}, tmp_path / "x").index == tmp_path / "index"
    assert load_settings({"KYODO_HOME": "~/k"}, tmp_path / "x").home == Path.home() / "k"
    assert load_settings({"KYODO_HOME": ""}, tmp_path / "x").home.name == "kyodo"


def test_every_setting_of_the_contract_is_known(tmp_path: Path) -> None:
    file = tmp_path / "kyodo.toml"
    text = '[llm]\nbase_url = "http://127.0.0.1:1"\nmodel = "m"\napi_key = "k"\ntimeout_s = 20\n'
    file.write_text(text, encoding="utf-8")
    values = {"BASE_URL": "http://localhost:1/v1", "MODEL": "m", "API_KEY": "k", "TIMEOUT_S": "9"}
    settings = load_settings({f"KYODO_LLM_{name}": v for name, v in values.items()}, file)
    assert settings.llm is not None
    assert (settings.llm.base_url, settings.llm.timeout_s) == ("http://localhost:1/v1", 9.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[index]\nmodle = 'a'\n", r"kyodo\.toml: unknown setting index\.modle; known are"),
        ("modle = 'a'\n", r"kyodo\.toml: unknown setting \.?modle; known are"),
        ("[index\n", r"kyodo\.toml: expected settings in TOML, found"),
        ("[index]\nmodel = ['a']\n", r"kyodo\.toml: expected index\.model as text or a number"),
        ("[index]\nmodel = true\n", r"kyodo\.toml: expected index\.model as text or a number"),
    ],
)
def test_a_wrong_settings_file_is_named_with_what_is_wrong(
    text: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_settings({}, file)


def test_a_settings_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_bytes("[index]\nmodel = '協働'\n".encode("cp932"))
    with pytest.raises(SettingsError, match=r"kyodo\.toml: expected settings in TOML"):
        load_settings({}, file)


def test_a_settings_file_saved_by_windows_is_read(tmp_path: Path) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_bytes(b"\xef\xbb\xbf[index]\r\nmodel = 'a'\r\n")
    assert load_settings({}, file).model == "a"


def test_an_unknown_variable_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="unknown setting KYODO_MODLE; known are .*KYODO_HOME"):
        load_settings({"KYODO_MODLE": "x"}, Path("none"))
    assert load_settings({"OTHER_MODLE": "x"}, Path("none")).model is None


def test_how_it_is_run_can_be_set_and_no_message_shows_the_token(tmp_path: Path) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_text(
        '[audit]\ndays = 30\n[server]\nmetrics_token = "0123456789abcdef"\ngrace_s = 5\n'
        '[log]\nformat = "json"\nquestions = true\n'
    )
    found = load_settings({}, file).running
    assert (found.audit_days, found.grace_s, found.log_format) == (30, 5, "json")
    assert found.log_questions
    assert found.metrics_token.reveal() == "0123456789abcdef"
    assert "0123456789abcdef" not in repr(found)
    assert load_settings({}, Path("none")).running.audit_days == 365


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUDIT_DAYS", "-1"),
        ("SERVER_METRICS_TOKEN", "short"),
        ("SERVER_GRACE_S", "soon"),
        ("LOG_FORMAT", "xml"),
        ("LOG_QUESTIONS", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match="expected"):
        load_settings({f"KYODO_{name}": value}, Path("none"))
