"""A tiny transformer with random weights, in the format that real engines load."""

from __future__ import annotations

from pathlib import Path

WORDS = [
    *("市", "区", "市民", "団体", "企業", "協働", "連携", "条例", "指針", "会議", "委員", "事業"),
    *("市長", "教育長", "承諾", "必要", "です", "ます", "ません", "は", "が", "を", "に", "の"),
    *("{", "}", "[", "]", ":", ",", '"', "text", "id", "quote", "statements", "the", "city"),
    *("must", "may", "not", "group", "agreement", "1", "2", "3", "30", "以内", "までに"),
]
CHAT = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def save_random_model(folder: Path) -> None:
    """Write a model of some 30,000 random weights over a few words, with its tokenizer."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    known = ["<s>", "</s>", "<unk>", *WORDS]
    vocabulary = {word: number for number, word in enumerate(known)}
    plain = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=plain, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )
    tokenizer.chat_template = CHAT
    tokenizer.save_pretrained(folder)
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=32_768,
        bos_token_id=0,
        eos_token_id=1,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
