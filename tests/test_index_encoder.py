"""Models: the bundled one, a folder, a name that leads nowhere; never one for another."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index import IndexMismatch, ModelError, build_index, describe_index, load_index
from index.encoder import (
    BUNDLED,
    SentenceTransformerEncoder,
    StaticEncoder,
    load_encoder,
)

PROMPTS = {"query": "query: ", "document": "passage: "}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny transformer in the sentence-transformers format, never trained, with prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789:花壇公園助成金の上限はいくら締切町内会"
    pieces = [*special, *letters, *(f"##{c}" for c in letters)]
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    names = dict(zip(("pad", "unk", "cls", "sep", "mask"), special, strict=True))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, **{f"{name}_token": token for name, token in names.items()}
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    folder = tmp_path_factory.mktemp("tiny")
    BertModel(config).save_pretrained(folder / "raw")
    fast.save_pretrained(folder / "raw")
    layers = [Transformer(str(folder / "raw"), max_seq_length=64), Pooling(32, "mean")]
    model = SentenceTransformer(modules=layers, prompts=PROMPTS, device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture
def own(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may change."""
    return Path(shutil.copytree(tiny, tmp_path / "own"))


def test_an_index_of_another_model_is_built_and_searched(
    tiny: Path, documents: Path, tmp_path: Path
) -> None:
    root = tmp_path / "index"
    build_index(root, [documents], str(tiny))
    described = describe_index(root)
    assert described["model"] == str(tiny)
    assert described["dimension"] == 32
    assert described["prompts"] == PROMPTS
    index = load_index(root)
    assert isinstance(index.encoder, SentenceTransformerEncoder)
    hits = index.search("花壇の手入れ", 3).hits
    assert hits[0].passage.locator == "第6条"
    assert load_index(root, str(tiny)).search("花壇の手入れ", 3).hits == hits


def test_questions_and_passages_get_the_models_own_prompts(tiny: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(tiny))
    plain = SentenceTransformer(str(tiny), device="cpu")
    for encode, prompt in (
        (encoder.encode_queries, "query: "),
        (encoder.encode_passages, "passage: "),
    ):
        found = encode(["garden", "花壇"])
        expected = plain.encode([f"{prompt}garden", f"{prompt}花壇"], normalize_embeddings=True)
        np.testing.assert_allclose(found, expected, atol=1e-6)
        assert (found.dtype, found.shape) == (np.float32, (2, 32))
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert not np.allclose(encoder.encode_queries(["a"]), encoder.encode_passages(["a"]))


def test_an_index_is_not_asked_with_another_model(
    tiny: Path, documents: Path, index_folder: Path, tmp_path: Path
) -> None:
    root = tmp_path / "tiny-index"
    build_index(root, [documents], str(tiny))
    with pytest.raises(IndexMismatch, match=rf"kyodo index build --index {root} --model bundled`"):
        load_index(root, "bundled")
    with pytest.raises(IndexMismatch, match=rf"--index {index_folder} --model {tiny}`"):
        load_index(index_folder, str(tiny))


@pytest.mark.parametrize("change", ["another dimension", "the same dimension"])
def test_vectors_of_two_models_are_never_mixed(
    change: str, own: Path, documents: Path, index_folder: Path
) -> None:
    if change == "the same dimension":
        build_index(index_folder, [documents], str(own))
        _edit(own / "config_sentence_transformers.json", '"passage: "', '"text: "')
    build_index(index_folder, [documents], str(own))
    fresh = index_folder.with_name("fresh")
    build_index(fresh, [documents], str(own))
    found = [load_index(root).dense.faiss_index for root in (index_folder, fresh)]
    assert found[0].d == 32
    np.testing.assert_allclose(*(f.reconstruct_n(0, f.ntotal) for f in found), atol=1e-6)


@pytest.mark.parametrize("changed", ["prompt", "weights", "pooling", "length"])
def test_whatever_changes_the_vectors_changes_the_fingerprint(changed: str, own: Path) -> None:
    before = load_encoder(str(own)).fingerprint
    assert load_encoder(str(own)).fingerprint == before
    if changed == "prompt":
        _edit(own / "config_sentence_transformers.json", '"query: "', '"question: "')
    elif changed == "pooling":
        _edit(own / "1_Pooling" / "config.json", '"mean"', '"cls"')
    elif changed == "length":
        _edit(own / "tokenizer_config.json", "64", "16")
    else:
        from safetensors.numpy import load_file, save_file

        tensors = load_file(own / "model.safetensors")
        name = sorted(tensors)[0]
        save_file(
            {**tensors, name: tensors[name] + 0.5}, own / "model.safetensors", {"format": "pt"}
        )
    assert load_encoder(str(own)).fingerprint != before


def test_a_model_is_loaded_once_and_again_when_its_folder_changes(
    tiny: Path, tmp_path: Path
) -> None:
    assert load_encoder() is load_encoder()
    own = tmp_path / "own"
    shutil.copytree(tiny, own)
    before = load_encoder(str(own))
    assert load_encoder(str(own)) is before
    (own / "note.txt").write_text("another file", encoding="utf-8")
    assert load_encoder(str(own)) is not before


def test_a_model_changed_under_its_index_is_refused(
    own: Path, documents: Path, tmp_path: Path
) -> None:
    root = tmp_path / "index"
    build_index(root, [documents], str(own))
    _edit(own / "config_sentence_transformers.json", '"query: "', '"question: "')
    with pytest.raises(IndexMismatch, match="build it again"):
        load_index(root)


def test_a_model_that_has_gone_is_named(own: Path, documents: Path, tmp_path: Path) -> None:
    root = tmp_path / "index"
    build_index(root, [documents], str(own))
    shutil.rmtree(own)
    with pytest.raises(ModelError, match=f"^{own}: expected a folder with an embedding model"):
        load_index(root)


def test_a_folder_given_from_where_one_stands_is_found_from_elsewhere(
    own: Path, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own.parent)
    build_index(tmp_path / "index", [documents], own.name)
    monkeypatch.chdir("/")
    assert load_index(tmp_path / "index").encoder.name == str(own)


def test_a_static_model_runs_without_pytorch_and_with_prompts_it_does_not(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "static"))
    static = load_encoder(str(folder))
    assert isinstance(static, StaticEncoder)
    assert static.fingerprint == load_encoder().fingerprint
    path = folder / "config_sentence_transformers.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**settings, "prompts": PROMPTS}), encoding="utf-8")
    prompted = load_encoder(str(folder))
    assert prompted.prompts == PROMPTS
    np.testing.assert_allclose(
        prompted.encode_queries(["花壇"]), static.encode_queries(["query: 花壇"]), atol=1e-5
    )


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "bad name!!"])
def test_an_unknown_name_gives_one_sentence_at_once(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    started = time.monotonic()
    with pytest.raises(ModelError) as caught:
        load_encoder(name)
    assert time.monotonic() - started < 10
    said = str(caught.value)
    assert said.startswith(f"model {name!r}: expected a folder or a model of the Hugging Face hub")
    assert said.endswith("name a folder that holds a model.")
    assert "\n" not in said
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/model", "~/nowhere-at-all", ""])
def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(name: str) -> None:
    with pytest.raises(ModelError, match="expected a folder with an embedding model, found none"):
        load_encoder(name)


@pytest.mark.parametrize("kind", ["empty", "no json", "no weights", "not a model"])
def test_a_folder_without_a_model_gives_one_sentence(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    modules = (BUNDLED / "modules.json").read_text(encoding="utf-8")
    if kind != "empty":
        (folder / "modules.json").write_text("{" if kind == "no json" else modules)
    if kind == "not a model":
        (folder / "modules.json").write_text('[{"idx": 0, "path": "", "type": "os.system"}]')
    with pytest.raises(ModelError) as caught:
        load_encoder(str(folder))
    assert str(folder) in str(caught.value)
    assert "expected" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_bundled_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["index.encoder"], "BUNDLED", tmp_path / "model")
    with pytest.raises(ModelError, match="expected the bundled model, found none; restore"):
        load_encoder()


def test_loading_and_encoding_draw_nothing(tiny: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load_encoder(str(tiny)).encode_passages(["garden"])
    load_encoder().encode_passages(["garden"])
    assert capfd.readouterr() == ("", "")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
