import { describe, expect, test } from 'vitest'
import { InvalidInputError } from '../core/index.ts'
import { checkModelSpec } from './modelSpec.ts'
import { SMALL_LEARNERS, smallSpec } from './smallTraining.fixture.ts'

describe('checkModelSpec', () => {
  test('writes every default out', () => {
    expect(
      checkModelSpec({
        name: 'gold',
        version: 1,
        label: { kind: 'forward-return', horizonMs: 60_000 },
        learner: { kind: 'linear' },
        seed: 7,
        embargoMs: 0,
      }),
    ).toEqual({
      name: 'gold',
      version: 1,
      label: { kind: 'forward-return', horizonMs: 60_000 },
      objective: 'direction',
      learner: { kind: 'linear', epochs: 50, batchSize: 256, learningRate: 0.001, l2: 0, patience: 8 },
      seed: 7,
      uniqueness: true,
      classBalance: false,
      calibration: 'platt',
      coverage: 0.9,
      trainShare: 0.7,
      validationShare: 0.15,
      calibrationShare: 0.15,
      embargoMs: 0,
    })
  })

  test('leaves a checked spec as it is, read back from JSON too', () => {
    for (const learner of Object.values(SMALL_LEARNERS)) {
      const checked = checkModelSpec(smallSpec({ learner, objective: 'return', coverage: 0.8 }))
      expect(checkModelSpec(JSON.parse(JSON.stringify(checked)))).toEqual(checked)
    }
  })

  test.each([
    [{ horizon: 3 }, 'spec', 'Unrecognized key: "horizon"'],
    [{ name: 'Gold' }, 'name', 'expected lower-case letters, digits and dashes'],
    [{ version: 0 }, 'version', 'Too small: expected number to be >=1'],
    [{ seed: 2 ** 32 }, 'seed', 'Too big: expected number to be <=4294967295'],
    [{ seed: 0.5 }, 'seed', 'Invalid input: expected int, received number'],
    [{ embargoMs: -1 }, 'embargoMs', 'Too small: expected number to be >=0'],
    [{ coverage: 1 }, 'coverage', 'Too big: expected number to be <1'],
    [{ trainShare: 0 }, 'trainShare', 'Too small: expected number to be >0'],
    [{ validationShare: 0.6 }, 'validationShare', 'Too big: expected number to be <=0.5'],
    [{ calibration: 'sigmoid' }, 'calibration', 'Invalid option: expected one of "none"|"platt"|"isotonic"'],
    [
      { label: { kind: 'forward-return', horizonMs: 0 } },
      'label.horizonMs',
      'Too small: expected number to be >=1',
    ],
    [{ learner: { kind: 'linear', epoch: 3 } }, 'learner', 'Unrecognized key: "epoch"'],
    [
      { learner: { kind: 'mlp', hidden: [] } },
      'learner.hidden',
      'Too small: expected array to have >=1 items',
    ],
    [{ objective: 'return', classBalance: true }, 'classBalance', 'returns have no classes to balance'],
    [{ calibrationShare: 0 }, 'calibrationShare', 'there are no rows to calibrate on'],
    [
      { calibration: 'none', objective: 'return' },
      'calibration',
      'a score of returns is no log-odds, so its probability must be calibrated',
    ],
  ])('refuses %j', (changes, field, problem) => {
    const check = () => checkModelSpec({ ...smallSpec(), ...changes })
    expect(check).toThrow(InvalidInputError)
    expect(check).toThrow(
      expect.objectContaining({
        message: `The model spec's field "${field}" is wrong: ${problem}.`,
        facts: { field },
        hint: `Correct "${field}"; ModelSpec documents its unit and range.`,
      }),
    )
  })

  test.each([null, 'gold', []])('refuses %j as a spec', given => {
    expect(() => checkModelSpec(given)).toThrow(
      /^The model spec's field "spec" is wrong: Invalid input: expected object, received \w+\.$/,
    )
  })
})
