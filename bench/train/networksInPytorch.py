"""Samples per second that PyTorch trains on, in its best step: networksInPytorch.py mlp|tcn THREADS SECONDS.

The networks of bench/train/networks.ts on batches that lie ready in memory.
"""
import sys
import time

import torch
from torch import nn

kind, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)


class Level(nn.Module):
    def __init__(self, inputs, channels, taps, dilation):
        super().__init__()
        self.padding = (taps - 1) * dilation
        self.convolution = nn.Conv1d(inputs, channels, taps, dilation=dilation)
        self.residual = inputs == channels

    def forward(self, values):
        active = torch.relu(self.convolution(nn.functional.pad(values, (self.padding, 0))))
        return active + values if self.residual else active


class Tcn(nn.Module):
    def __init__(self):
        super().__init__()
        self.levels = nn.Sequential(*(Level(16 if level == 0 else 64, 64, 3, 2**level) for level in range(4)))
        self.score = nn.Linear(64, 1)

    def forward(self, values):
        return self.score(self.levels(values)[:, :, -1])


if kind == "mlp":
    batch, shape = 1024, (64,)
    network = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1))
else:
    batch, shape = 256, (16, 64)
    network = Tcn()
optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
inputs = torch.randn(batch, *shape)
targets = torch.randint(0, 2, (batch, 1)).float()


def step():
    optimizer.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(network(inputs), targets).backward()
    optimizer.step()


step()
best, start = 0.0, time.perf_counter()
while time.perf_counter() - start < seconds:
    before = time.perf_counter()
    step()
    best = max(best, batch / (time.perf_counter() - before))
print(best)
