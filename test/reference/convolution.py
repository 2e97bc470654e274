"""Reference values for src/core/autodiff/convolution.ts and pooling.ts, from torch 1.13 in f64.

python3 test/reference/convolution.py > test/reference/convolution.json
Numbers are laid out by sample, place and channel; weights by place, input channel and output channel.
"""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)


def flat(t):
    return [round(float(v), 12) for v in t.contiguous().view(-1)]


def last(t):
    """Samples, channels, places -> samples, places, channels."""
    return t.movedim(1, -1)


def conv(extent, channels, outputs, window, stride, margin, padding, samples=2):
    axes = len(extent)
    x = torch.randn(samples, channels, *extent).round(decimals=3).requires_grad_()
    w = torch.randn(outputs, channels, *window).round(decimals=3).requires_grad_()
    b = torch.randn(outputs).round(decimals=3).requires_grad_()
    pad = [m for m in reversed(margin) for _ in (0, 1)]
    padded = F.pad(x, pad, mode="circular" if padding == "periodic" else "constant")
    y = (F.conv2d if axes == 2 else F.conv3d)(padded, w, b, stride=stride)
    weights = torch.linspace(-1, 1, y.numel()).view_as(last(y))
    (last(y) * weights).sum().backward()
    turn = lambda t: t.movedim(0, -1).movedim(0, -2)
    return {"extent": extent, "channels": channels, "outputs": outputs, "window": window, "stride": stride,
            "margin": margin, "padding": padding, "x": flat(last(x)), "w": flat(turn(w)), "b": flat(b),
            "y": flat(last(y)), "gx": flat(last(x.grad)), "gw": flat(turn(w.grad)), "gb": flat(b.grad)}


def transposed(extent, inputs, channels, window, stride, margin, extra, samples=2):
    x = torch.randn(samples, inputs, *extent).round(decimals=3)
    w = torch.randn(inputs, channels, *window).round(decimals=3)
    b = torch.randn(channels).round(decimals=3)
    f = F.conv_transpose2d if len(extent) == 2 else F.conv_transpose3d
    y = f(x, w, b, stride=stride, padding=margin, output_padding=extra)
    return {"extent": list(y.shape[2:]), "inputs": inputs, "channels": channels, "window": window,
            "stride": stride, "margin": margin, "x": flat(last(x)), "w": flat(w.movedim(1, -1)), "b": flat(b),
            "y": flat(last(y))}


def pool(extent, channels, size):
    x = torch.randn(2, channels, *extent).round(decimals=3)
    d = len(extent)
    mean = (F.avg_pool2d if d == 2 else F.avg_pool3d)(x, size)
    most = (F.max_pool2d if d == 2 else F.max_pool3d)(x, size)
    up = F.interpolate(x, scale_factor=[float(s) for s in size], mode="nearest")
    return {"extent": extent, "channels": channels, "size": size, "x": flat(last(x)), "mean": flat(last(mean)),
            "max": flat(last(most)), "up": flat(last(up))}


print(json.dumps({
    "convolutions": [
        conv([5, 6], 3, 4, [3, 3], [1, 1], [1, 1], "zero"),
        conv([5, 6], 3, 4, [3, 3], [1, 1], [1, 1], "periodic"),
        conv([7, 5], 2, 3, [3, 2], [2, 1], [0, 1], "zero"),
        conv([6, 6], 1, 5, [5, 5], [2, 2], [2, 2], "periodic"),
        conv([3, 4, 5], 2, 3, [3, 3, 3], [1, 1, 1], [1, 1, 1], "periodic"),
        conv([4, 3, 5], 2, 2, [2, 3, 3], [2, 1, 2], [0, 1, 1], "zero"),
    ],
    "transposed": [
        transposed([3, 4], 3, 2, [3, 3], [2, 2], [1, 1], [1, 1]),
        transposed([2, 3, 2], 2, 3, [4, 4, 4], [2, 2, 2], [1, 1, 1], [0, 0, 0]),
    ],
    "pools": [pool([5, 6], 3, [2, 3]), pool([4, 4, 6], 2, [2, 2, 2])],
}))
