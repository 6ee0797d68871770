"""The commands of the contract as a person runs them: what is printed where, and the status."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMANDS = (
    [],
    ["chat"],
    ["index"],
    ["index", "build"],
    ["index", "info"],
    ["passages"],
    ["search"],
    ["ask"],
)


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """A place to run commands in, with a data folder of its own."""

    folder: Path

    def kyodo(self, *arguments: str, **variables: str) -> Run:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KYODO_")}
        done = subprocess.run(
            [sys.executable, "-c", "from assistant.cli import run; run()", *arguments],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(_REPOSITORY), "KYODO_HOME": "home", **variables},
            capture_output=True,
            timeout=120,
        )
        return Run(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


_REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_on_stdout(command: list[str], shell: Shell) -> None:
    run = shell.kyodo(*command, "--help")
    assert (run.status, run.err) == (0, "")
    assert run.out.startswith(" ".join(["usage: kyodo", *command]))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["index"],
        ["search"],
        ["search", "x", "-k", "0"],
        ["search", "x", "--as-of", "yesterday"],
        ["ask"],
        ["ask", "x", "--language", "fr"],
        ["ask", "x", "--batch", "q.jsonl", "--output", "a.jsonl"],
        ["ask", "--batch", "q.jsonl"],
        ["ask", "x", "--output", "a.jsonl"],
        ["ask", "--batch", "q.jsonl", "--output", "a.jsonl", "--history", "h.json"],
        ["chat", "--port", "99999"],
        ["chat", "--port", "http"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_says_so_on_stderr(arguments: list[str], shell: Shell) -> None:
    run = shell.kyodo(*arguments)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("usage: kyodo")
    assert "error:" in run.err


@pytest.mark.parametrize(
    "arguments",
    [["index", "info"], ["passages"], ["search", "x"], ["ask", "x"], ["chat", "--port", "0"]],
    ids=" ".join,
)
def test_a_missing_index_is_1_in_one_sentence(arguments: list[str], shell: Shell) -> None:
    run = shell.kyodo(*arguments, "--index", "none")
    sentence = "kyodo: none: expected an index, found none; "
    assert run == Run(1, "", f"{sentence}build one with `kyodo index build --index none`.\n")


def test_the_default_index_is_built_at_the_first_question(shell: Shell) -> None:
    run = shell.kyodo("ask", "協働とは何ですか", "--json")
    assert run.status == 0
    assert run.err.startswith("kyodo: building the index in home/index")
    assert run.err.count("\n") == 1
    assert json.loads(run.out)["status"] == "answered"
    again = shell.kyodo("ask", "協働とは何ですか", "--json")
    assert (again.status, again.err) == (0, "")


def test_a_build_says_what_it_reads_and_prints_json_alone(shell: Shell, documents: Path) -> None:
    run = shell.kyodo("index", "build", "--documents", str(documents), "--index", "i", "--json")
    assert run.status == 0
    info = json.loads(run.out)
    names = {"fingerprint", "model", "dimension", "documents", "passages", "skipped"}
    assert names | {"format_version"} <= set(info)
    assert (info["documents"], info["skipped"]) == (3, [])
    lines = run.err.splitlines()
    assert [line for line in lines if not line.startswith("kyodo: ")] == []
    assert lines[-1] == f"kyodo: 3 documents, {info['passages']} passages in i"
    assert json.loads(shell.kyodo("index", "info", "--index", "i", "--json").out) == info


def test_an_unreadable_file_is_named_and_the_others_are_kept(shell: Shell, documents: Path) -> None:
    (documents / "kowareta.pdf").write_bytes(b"%PDF-1.4 not a pdf")
    run = shell.kyodo("index", "build", "--documents", str(documents), "--index", "i", "--json")
    assert run.status == 3
    info = json.loads(run.out)
    (skipped,) = info["skipped"]
    assert skipped["file"].endswith("kowareta.pdf")
    assert "kyodo: unreadable: kowareta.pdf: expected a readable PDF" in run.err
    assert "kyodo: 4 files read: 3 ok, 1 unreadable\n" in run.err
    assert {Path(o["file"]).name: o["status"] for o in info["report"]} == {
        "hyo.tsv": "ok",
        "kowareta.pdf": "unreadable",
        "machi-jorei.md": "ok",
        "tebiki.md": "ok",
    }
    assert all(o["passages"] and o["characters"] for o in info["report"] if o["status"] == "ok")
    (documents / "kowareta.pdf").unlink()
    assert shell.kyodo("index", "build", "--documents", str(documents), "--index", "i").status == 0


def test_an_empty_folder_is_1_and_leaves_no_index(shell: Shell) -> None:
    (shell.folder / "empty").mkdir()
    run = shell.kyodo("index", "build", "--documents", "empty", "--index", "i")
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("kyodo: empty: expected documents (")
    assert run.err.count("\n") == 1
    assert shell.kyodo("index", "info", "--index", "i").status == 1


def test_a_missing_folder_is_1_and_named(shell: Shell) -> None:
    run = shell.kyodo("index", "build", "--documents", "nowhere", "--index", "i")
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("kyodo: nowhere: ")
    assert run.err.count("\n") == 1


def test_an_index_of_another_model_is_1_and_says_what_to_do(
    shell: Shell, index_folder: Path
) -> None:
    for manifest in index_folder.glob("gen-*/manifest.json"):
        built = json.loads(manifest.read_text(encoding="utf-8"))
        built["model"]["fingerprint"] = "0" * 16
        manifest.write_text(json.dumps(built), encoding="utf-8")
    run = shell.kyodo("ask", "花壇の手入れ", "--index", str(index_folder))
    assert (run.status, run.out) == (1, "")
    assert "built with" in run.err or "not what was written" in run.err
    assert "kyodo index build" in run.err
    assert run.err.count("\n") == 1


def test_a_port_in_use_is_1_and_named(shell: Shell, index_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = shell.kyodo("chat", "--port", str(port), "--index", str(index_folder))
    assert (run.status, run.out) == (1, "")
    assert str(port) in run.err
    assert run.err.startswith("kyodo: ")
    assert run.err.count("\n") == 1


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_of_50000_characters_is_1_in_its_language(
    command: str, shell: Shell, index_folder: Path
) -> None:
    run = shell.kyodo(command, "協" * 40_000, "--index", str(index_folder))
    sentence = "質問は2000字までです(40000字ありました)。要点に絞って入力してください。"
    assert run == Run(1, "", f"kyodo: {sentence}\n")


def test_fifty_thousand_characters_come_in_through_a_file(shell: Shell, index_folder: Path) -> None:
    line = json.dumps({"id": 1, "question": "a b " * 12_499 + "abcd"})
    (shell.folder / "q.jsonl").write_text(line, encoding="utf-8")
    batch = ["--batch", "q.jsonl", "--output", "a.jsonl"]
    assert shell.kyodo("ask", *batch, "--index", str(index_folder)).status == 0
    answer = json.loads((shell.folder / "a.jsonl").read_text(encoding="utf-8"))
    assert "up to 2000 characters (50000 were found)" in answer["error"]


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", "  ", "\u3000"])
def test_an_empty_question_is_1(command: str, question: str, shell: Shell) -> None:
    run = shell.kyodo(command, question)
    assert run == Run(1, "", "kyodo: 質問が空です。知りたいことを入力してください。\n") or (
        run.err == "kyodo: The question is empty. Type what you would like to know.\n"
    )
    assert run.status == 1


def test_an_unknown_setting_is_1_and_the_known_ones_are_named(shell: Shell) -> None:
    (shell.folder / "kyodo.toml").write_text("[index]\nmodle = 'x'\n", encoding="utf-8")
    run = shell.kyodo("index", "info")
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("kyodo: kyodo.toml: unknown setting index.modle; known are ")
    (shell.folder / "kyodo.toml").unlink()
    run = shell.kyodo("index", "info", KYODO_MODLE="x")
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("kyodo: environment: unknown setting KYODO_MODLE; known are ")


def test_search_prints_ranked_passages_as_the_contract_has_them(
    shell: Shell, index_folder: Path
) -> None:
    run = shell.kyodo("search", "花壇の手入れ", "-k", "2", "--index", str(index_folder), "--json")
    assert (run.status, run.err) == (0, "")
    found = json.loads(run.out)
    assert found["query"] == "花壇の手入れ"
    assert [r["rank"] for r in found["results"]] == [1, 2]
    assert found["results"][0]["locator"].startswith("第6条")
    assert isinstance(found["results"][0]["score"], float)
    plain = shell.kyodo("search", "花壇の手入れ", "-k", "2", "--index", str(index_folder))
    assert plain.out.splitlines()[0].startswith(" 1  ")
    assert plain.err == ""


def test_search_as_of_a_day_leaves_out_what_is_no_longer_in_force(
    shell: Shell, index_folder: Path
) -> None:
    search = ["search", "花壇の届出", "-k", "1", "--index", str(index_folder), "--json"]
    then = json.loads(shell.kyodo(*search, "--as-of", "2009-01-01").out)["results"][0]
    now = json.loads(shell.kyodo(*search, "--as-of", "2020-01-01").out)["results"][0]
    assert then["locator"].startswith("第7条")
    assert not now["locator"].startswith("第7条")


def test_passages_are_listed_whole_and_by_document(shell: Shell, index_folder: Path) -> None:
    run = shell.kyodo("passages", "--index", str(index_folder), "--document", "tebiki", "--json")
    assert (run.status, run.err) == (0, "")
    listed = json.loads(run.out)
    assert {p["document_id"] for p in listed} == {"tebiki"}
    keys = "passage_id document_id title authority binding edition locator page headings text"
    keys += " language effective_from effective_until source"
    assert set(keys.split()) <= set(listed[0])
    wrong = shell.kyodo("passages", "--index", str(index_folder), "--document", "none")
    assert (wrong.status, wrong.out) == (1, "")
    assert wrong.err.startswith("kyodo: no document is called 'none'; known are ")


def test_an_answer_in_plain_text_names_its_sources_and_their_weight(
    shell: Shell, index_folder: Path
) -> None:
    run = shell.kyodo("ask", "助成金の上限はいくらですか", "--index", str(index_folder))
    assert (run.status, run.err) == (0, "")
    assert "20万円" in run.out.split("\n\n")[0]
    assert "根拠:\n[1] 助成金の手引" in run.out
    assert "(手引き, 拘束力なし, 原文)" in run.out


def test_json_is_utf_8_whatever_the_terminal_says(shell: Shell, index_folder: Path) -> None:
    ask = ["ask", "助成金の上限はいくらですか", "--index", str(index_folder), "--json"]
    run = shell.kyodo(*ask, PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    assert (run.status, run.err) == (0, "")
    assert "助成金" in run.out
    assert json.loads(run.out)["language"] == "ja"


def test_the_history_of_a_file_is_followed(shell: Shell, index_folder: Path) -> None:
    turns = [{"role": "user", "content": "町内会は花壇の手入れを引き受けられますか"}]
    (shell.folder / "h.json").write_text(json.dumps(turns), encoding="utf-8")
    ask = ["ask", "会社は?", "--index", str(index_folder), "--json", "--history"]
    assert "花壇" in json.loads(shell.kyodo(*ask, "h.json").out)["standalone_question"]
    (shell.folder / "bad.json").write_text('{"role": "user"}', encoding="utf-8")
    for name in ("bad.json", "none.json"):
        run = shell.kyodo(*ask, name)
        assert (run.status, run.out) == (1, "")
        assert run.err.startswith(f"kyodo: {name}: expected ")
        assert run.err.count("\n") == 1


def test_a_batch_keeps_order_ids_histories_and_errors(shell: Shell, index_folder: Path) -> None:
    turns = [{"role": "user", "content": "町内会は花壇の手入れを引き受けられますか"}]
    rows = [
        {"id": "b", "question": "助成金の締切はいつですか"},
        {"id": None, "question": "  "},
        {"question": "What is the most one group can receive?", "language": "ja"},
        {"id": 7, "question": "会社は?", "history": turns},
        {"id": 8, "question": 5},
        {"id": 9, "question": "x", "history": "y"},
        {"id": 10, "question": "x", "language": "fr"},
        {"id": "\ud800", "question": "\ud800"},
    ]
    lines = "\n\n".join(json.dumps(row) for row in rows)
    (shell.folder / "q.jsonl").write_text("\ufeff" + lines + "\n", encoding="utf-8")
    batch = ["ask", "--batch", "q.jsonl", "--output", "a.jsonl", "--index", str(index_folder)]
    assert shell.kyodo(*batch) == Run(0, "", "kyodo: 8 answers in a.jsonl\n")
    text = (shell.folder / "a.jsonl").read_text(encoding="utf-8")
    answers = [json.loads(line) for line in text.splitlines()]
    assert [a.get("id", "none") for a in answers] == ["b", None, "none", 7, 8, 9, 10, "\ud800"]
    assert ["error" in a for a in answers] == [False, True, False, False, True, True, True, True]
    assert answers[2]["language"] == "ja"
    assert "花壇" in answers[3]["standalone_question"]
    assert "line 9" in answers[4]["error"]


@pytest.mark.parametrize(
    "text", ["not json\n", "[1]\n", "\udce9".encode("utf-8", "replace").decode()]
)
def test_a_file_that_holds_no_questions_is_1_and_its_line_named(
    text: str, shell: Shell, index_folder: Path
) -> None:
    (shell.folder / "q.jsonl").write_text('{"question": "x"}\n' + text, encoding="utf-8")
    batch = ["ask", "--batch", "q.jsonl", "--output", "a.jsonl", "--index", str(index_folder)]
    run = shell.kyodo(*batch)
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("kyodo: q.jsonl line 2: expected ")
    assert not (shell.folder / "a.jsonl").exists()


def test_answers_are_not_written_over_the_questions(shell: Shell, index_folder: Path) -> None:
    (shell.folder / "q.jsonl").write_text('{"question": "x"}\n', encoding="utf-8")
    batch = ["ask", "--batch", "q.jsonl", "--output", "q.jsonl", "--index", str(index_folder)]
    run = shell.kyodo(*batch)
    assert (run.status, run.out) == (1, "")
    assert (shell.folder / "q.jsonl").read_text(encoding="utf-8") == '{"question": "x"}\n'


def test_an_output_that_cannot_be_written_is_1_and_named(shell: Shell, index_folder: Path) -> None:
    (shell.folder / "q.jsonl").write_text('{"question": "x"}\n', encoding="utf-8")
    batch = ["ask", "--batch", "q.jsonl", "--output", "no/a.jsonl", "--index", str(index_folder)]
    run = shell.kyodo(*batch)
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("kyodo: no/a.jsonl: ")
    assert run.err.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error_message(shell: Shell, index_folder: Path) -> None:
    command = f"{sys.executable} -c 'from assistant.cli import run; run()' passages --json"
    done = subprocess.run(
        f"{command} --index {index_folder} | head -c 1",
        shell=True,
        cwd=shell.folder,
        env={**os.environ, "PYTHONPATH": str(_REPOSITORY)},
        capture_output=True,
        timeout=60,
    )
    assert done.stderr == b""
