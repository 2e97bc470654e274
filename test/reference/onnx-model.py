"""A small network as ONNX, written by torch 1.13, with torch's own answers.

python3 test/reference/onnx-model.py > test/reference/onnx-model.json
"""
import base64
import io
import json

import torch

torch.manual_seed(5)
net = torch.nn.Sequential(torch.nn.Linear(3, 6), torch.nn.Tanh(), torch.nn.Linear(6, 4), torch.nn.ReLU(),
                          torch.nn.Linear(4, 2))


class Heads(torch.nn.Module):
    """Mean and standard deviation, n x 1 each."""

    def __init__(self):
        super().__init__()
        self.net = net

    def forward(self, x):
        y = self.net(x)
        return y[:, :1], torch.nn.functional.softplus(y[:, 1:])


model = Heads()
x = torch.randn(7, 3)
file = io.BytesIO()
torch.onnx.export(model, x, file, opset_version=13, input_names=["features"], output_names=["mean", "std"],
                  dynamic_axes={name: {0: "n"} for name in ("features", "mean", "std")})
with torch.no_grad():
    mean, std = model(x)
print(json.dumps({
    "model": base64.b64encode(file.getvalue()).decode(),
    "x": [float(v) for v in x.flatten()],
    "mean": [float(v) for v in mean.flatten()],
    "std": [float(v) for v in std.flatten()],
}))
