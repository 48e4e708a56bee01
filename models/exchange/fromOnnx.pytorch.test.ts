import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stepsOf } from '../learner.ts'
import { fromOnnx } from './fromOnnx.ts'
import { scoresOfWindows } from './randomModels.fixture.ts'

const ROWS = 50

const PYTHON = ['/usr/bin/python3', 'python3'].find(python => {
  try {
    const probe = 'import importlib.util; assert importlib.util.find_spec("torch")'
    execFileSync(python, ['-c', probe], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

/** Each model as people write it, exported for an old operator set and a newer one. */
const SCRIPT = `
import sys, warnings, torch, torch.nn as nn, torch.nn.functional as F
warnings.filterwarnings('ignore')
torch.manual_seed(3)
class Level(nn.Module):
    def __init__(self, inputs, outputs, taps, dilation):
        super().__init__()
        self.chomp = (taps - 1) * dilation
        self.conv = nn.Conv1d(inputs, outputs, taps, padding=self.chomp, dilation=dilation)
        self.dropout = nn.Dropout(0.2)
        self.residual = inputs == outputs
    def forward(self, x):
        y = self.dropout(F.relu(self.conv(x)[:, :, :-self.chomp].contiguous()))
        return y + x if self.residual else y
class Chomped(nn.Module):
    def __init__(self):
        super().__init__()
        self.levels = nn.Sequential(*[Level(3 if l == 0 else 8, 8, 3, 2 ** l) for l in range(3)])
        self.out = nn.Linear(8, 1)
    def forward(self, x):
        return self.out(self.levels(x.transpose(1, 2))[:, :, -1])
class Padded(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv1d(4, 6, 2)
        self.b = nn.Conv1d(6, 6, 2, dilation=2)
        self.out = nn.Linear(6, 1)
    def forward(self, x):
        x = F.relu(self.a(F.pad(x, (1, 0))))
        x = F.relu(self.b(F.pad(x, (2, 0))))
        return self.out(x[:, :, -1]).squeeze(-1)
class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('mean', torch.randn(5))
        self.register_buffer('std', torch.rand(5) + 0.5)
        self.net = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 1))
    def forward(self, x):
        x = torch.where(torch.isnan(x), self.mean, x)
        return torch.sigmoid(self.net(torch.clamp((x - self.mean) / self.std, -8, 8)))
normed = nn.Sequential(nn.BatchNorm1d(5), nn.Linear(5, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 8),
                       nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid())
for name, model, shape in [('normed', normed, (5,)), ('scaled', Scaled(), (5,)), ('chomped', Chomped(), (12, 3)),
                           ('padded', Padded(), (4, 7))]:
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm1d):
            layer.running_mean.normal_(); layer.running_var.uniform_(0.5, 2)
            layer.weight.data.normal_(); layer.bias.data.normal_()
    model.eval()
    x = torch.rand(${ROWS}, *shape) * 4 - 2
    if name == 'scaled': x[torch.rand(${ROWS}, 5) < 0.1] = float('nan')
    path = sys.argv[1] + '/' + name
    for version in (11, 16):
        torch.onnx.export(model, x, f'{path}.{version}', opset_version=version, input_names=['x'],
                          output_names=['y'], dynamic_axes={'x': {0: 'batch'}, 'y': {0: 'batch'}})
    if name == 'padded': x.transpose(1, 2).contiguous().numpy().tofile(path + '.x')
    else: x.numpy().tofile(path + '.x')
    model(x).detach().numpy().tofile(path + '.y')
`

// Needs the Python package torch (apt-get install python3-torch).
describe.skipIf(PYTHON === undefined)('what PyTorch exported scores as PyTorch predicts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pytorch-'))
  const floats = (name: string) => new Float32Array(Uint8Array.from(readFileSync(join(folder, name))).buffer)
  beforeAll(() => {
    execFileSync(PYTHON ?? '', ['-c', SCRIPT, folder], { stdio: ['ignore', 'ignore', 'pipe'] })
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    ['normed', 'batch normalisation and dropout', 'mlp', 1],
    ['scaled', 'scaling, limits and missing values of its own', 'mlp', 1],
    ['chomped', 'convolutions cut off behind, which add their input', 'tcn', 12],
    ['padded', 'convolutions behind F.pad', 'tcn', 7],
  ] as const)('%s: %s', (name, _, kind, steps) => {
    for (const version of [11, 16]) {
      const network = fromOnnx(readFileSync(join(folder, `${name}.${version}`)), { scaler: 'unit' })
      expect([network.learner.kind, stepsOf(network.learner)]).toEqual([kind, steps])
      const expected = floats(`${name}.y`)
      const scores = scoresOfWindows(network, floats(`${name}.x`))
      expect(scores).toHaveLength(ROWS)
      expect(new Set(scores).size).toBeGreaterThan(ROWS / 2)
      for (const [row, score] of scores.entries()) {
        const actual = network.objective === 'direction' ? 1 / (1 + Math.exp(-score)) : score
        expect(Math.abs(actual - (expected[row] ?? Number.NaN)), `row ${row}`).toBeLessThan(1e-5)
      }
    }
  })
})
