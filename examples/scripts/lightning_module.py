"""A Lightning module, which saves its own checkpoints."""

import lightning
import torch
from lightning.pytorch.callbacks import ModelCheckpoint


class Line(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def training_step(self, batch, _):
        x, y = batch
        loss = torch.nn.functional.mse_loss(self.layer(x), y)
        self.log("train_loss", loss, prog_bar=True, on_step=False, on_epoch=True)
        return loss

    def on_train_epoch_end(self):
        print(f"epoch {self.current_epoch} train_loss={self.trainer.callback_metrics['train_loss'].item():.4f}")

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


x = torch.linspace(0, 1, 16).reshape(-1, 1)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, 3 * x), batch_size=8)
checkpoint = ModelCheckpoint("checkpoints", filename="{epoch}", save_last=True)
trainer = lightning.Trainer(
    max_epochs=2, accelerator="cpu", logger=False, callbacks=[checkpoint], enable_progress_bar=False
)
trainer.fit(Line(), loader)
