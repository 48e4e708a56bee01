"""Samples per second that PyTorch trains a population on, on the first CUDA card: populationInPytorch.py mlp|tcn MEMBERS SECONDS.

The networks of bench/trainGpu.ts with their members in one batched product (grouped convolutions for the TCN), rows of
the matrix gathered on the card in a new order each epoch, Adam. Prints a JSON object: the card, and the best epoch's
samples per second run step by step and as a CUDA graph, in binary32 and, "tf32", with the tensor cores' shorter
factors. A way that this version of PyTorch cannot go is left out, with the reason under "failed".
"""
import json
import sys
import time

import torch
from torch.nn import functional

kind, members, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
if not torch.cuda.is_available():
    print(json.dumps({"device": None}))
    sys.exit(0)
device = torch.device("cuda")
torch.manual_seed(1)
ROWS = 131_072

if kind == "mlp":
    columns, steps, batch = 64, 1, 1024
else:
    columns, steps, batch = 16, 64, 256
matrix = torch.randn(ROWS + steps - 1, columns, device=device)
labels = (torch.rand(ROWS + steps - 1, device=device) > 0.5).float()
window = torch.arange(-(steps - 1), 1, device=device)


def leaf(*shape, scale):
    return (torch.randn(*shape, device=device) * scale).requires_grad_()


def mlp():
    widths = [64, 128, 64, 1]
    layers = [
        (leaf(members, i, o, scale=(2 / i) ** 0.5), torch.zeros(members, 1, o, device=device, requires_grad=True))
        for i, o in zip(widths, widths[1:])
    ]

    def scores(rows):
        values = matrix[rows.reshape(-1)].reshape(members, batch, columns)
        for place, (weights, biases) in enumerate(layers):
            values = torch.baddbmm(biases, values, weights)
            if place < len(layers) - 1:
                values = torch.relu(values)
        return values[:, :, 0]

    return scores, [parameter for layer in layers for parameter in layer]


def tcn():
    layers = [
        (
            leaf(members * 64, columns if level == 0 else 64, 3, scale=(2 / (3 * (columns if level == 0 else 64))) ** 0.5),
            torch.zeros(members * 64, device=device, requires_grad=True),
        )
        for level in range(4)
    ]
    last = leaf(members, 64, scale=0.125)
    bias = torch.zeros(members, 1, device=device, requires_grad=True)

    def scores(rows):
        places = (rows.t()[:, :, None] + window).reshape(-1)
        values = matrix[places].reshape(batch, members, steps, columns).transpose(2, 3)
        values = values.reshape(batch, members * columns, steps)
        for level, (weights, biases) in enumerate(layers):
            padded = functional.pad(values, (2 * 2**level, 0))
            active = torch.relu(functional.conv1d(padded, weights, biases, dilation=2**level, groups=members))
            values = active if level == 0 else active + values
        top = values[:, :, -1].reshape(batch, members, 64)
        return torch.einsum("bmc,mc->mb", top, last) + bias

    return scores, [parameter for layer in layers for parameter in layer] + [last, bias]


def measure(graphed):
    scores, parameters = mlp() if kind == "mlp" else tcn()
    optimizer = torch.optim.Adam(parameters, lr=0.001, capturable=graphed)
    rows = torch.full((members, batch), steps - 1, device=device, dtype=torch.long)

    def step():
        optimizer.zero_grad(set_to_none=not graphed)
        loss = functional.binary_cross_entropy_with_logits(scores(rows), labels[rows], reduction="sum") / batch
        loss.backward()
        optimizer.step()

    run = step
    if graphed:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
        run = graph.replay

    def epoch(batches):
        order = torch.stack([torch.randperm(ROWS, device=device) for _ in range(members)]) + steps - 1
        for place in range(batches):
            rows.copy_(order[:, place * batch : (place + 1) * batch])
            run()
        torch.cuda.synchronize()

    epoch(2)
    batches = ROWS // batch
    # An epoch must not take longer than the whole measurement.
    before = time.perf_counter()
    epoch(4)
    batches = max(4, min(batches, int(seconds / 3 * 4 / (time.perf_counter() - before))))
    best, start = 0.0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        before = time.perf_counter()
        epoch(batches)
        best = max(best, members * batches * batch / (time.perf_counter() - before))
    return best


results = {"device": torch.cuda.get_device_name(), "version": torch.__version__, "samplesPerSecond": {}, "failed": {}}
for precision in ("binary32", "tf32"):
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.allow_tf32 = precision == "tf32"
    for graphed in (False, True):
        name = f"{precision}, {'CUDA graph' if graphed else 'step by step'}"
        try:
            results["samplesPerSecond"][name] = measure(graphed)
        except Exception as error:
            results["failed"][name] = str(error).splitlines()[0] if str(error) else type(error).__name__
print(json.dumps(results))
