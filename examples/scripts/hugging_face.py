"""A fine-tuning with the Trainer of Hugging Face, from a tiny model with random weights."""

import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

config = BertConfig(vocab_size=32, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
examples = [{"input_ids": torch.tensor([i % 32, 1, 2]), "labels": i % 2} for i in range(16)]
arguments = TrainingArguments(
    "out", num_train_epochs=2, eval_strategy="epoch", save_strategy="no", report_to=[], disable_tqdm=True, use_cpu=True
)
trainer = Trainer(BertForSequenceClassification(config), arguments, train_dataset=examples, eval_dataset=examples)
trainer.train()
trainer.save_model("out/model")
