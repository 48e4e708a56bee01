import { describe, expect, test } from 'vitest'
import { InvalidInputError } from '../core/index.ts'
import type { Fit, FitProgress } from './fit.ts'
import { lessonsOf } from './lessons.ts'
import { checkModelSpec } from './modelSpec.ts'
import { trainNetworks } from './networks/trainNetworks.ts'
import { fitScaler } from './scaler.ts'
import { SMALL_LEARNERS, smallMatrix, smallSpec } from './smallTraining.fixture.ts'
import { trainFits } from './trainFits.ts'
import { trainTrees } from './trees/trainTrees.ts'

/** Fits of a learner with several seeds. */
function fitsOf(kind: keyof typeof SMALL_LEARNERS, seeds: readonly number[]): Fit[] {
  const matrix = smallMatrix()
  const spec = checkModelSpec(smallSpec({ learner: SMALL_LEARNERS[kind] }))
  const { folds, sets } = lessonsOf(matrix, spec, null)
  const { train, validation } = folds[0]!
  return seeds.map(seed => ({
    set: sets[0]!,
    train: train.rows,
    validation: validation.rows,
    scaler: fitScaler(matrix.values, matrix.columns, train.rows),
    objective: 'direction',
    learner: spec.learner,
    seed,
  }))
}

describe('trainFits', () => {
  test('trains networks of a population as each alone, in their order', async () => {
    const fits = fitsOf('mlp', [3, 1, 2])
    const { trained, device, why } = await trainFits(fits, { device: 'cpu', workers: 2 })
    expect({ device, why }).toEqual({ device: 'cpu', why: 'The CPU was asked for.' })
    for (const [at, fit] of fits.entries()) {
      const [alone] = await trainNetworks([fit as Parameters<typeof trainNetworks>[0][number]], {
        workers: 1,
      })
      expect(trained[at]).toEqual({ model: alone!.network, history: alone!.history })
    }
    expect(trained[0]!.model).not.toEqual(trained[1]!.model)
  })

  test('trains trees one after the other, on the CPU whatever the wish for a device leaves open', async () => {
    const fits = fitsOf('trees', [3, 1])
    const told: FitProgress[] = []
    const { trained, device, why } = await trainFits(fits, {
      device: 'auto',
      workers: 1,
      onProgress: progress => told.push(progress),
    })
    expect({ device, why }).toEqual({ device: 'cpu', why: 'Trees are trained on the CPU.' })
    for (const [at, fit] of fits.entries()) {
      const alone = await trainTrees(fit as Parameters<typeof trainTrees>[0], { workers: 1 })
      expect(trained[at]).toEqual({ model: alone.ensemble, history: alone.history })
    }
    expect(told.map(({ fit }) => fit)).toEqual(
      trained.flatMap(({ history }, fit) => Array.from({ length: history.stepsRun }, () => fit)),
    )
  })

  test('does not train trees on a GPU', async () => {
    await expect(trainFits(fitsOf('trees', [1]), { device: 'gpu' })).rejects.toThrow(
      new InvalidInputError('Trees are trained on the CPU alone.', {
        hint: 'Leave `--device` out, or pass `--device cpu`.',
      }),
    )
  })

  test('stops at once when it was aborted before it began', async () => {
    const reason = new Error('The user had enough.')
    for (const kind of ['linear', 'trees'] as const)
      await expect(
        trainFits(fitsOf(kind, [1]), { device: 'cpu', workers: 1, signal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason)
  })

  test('gives nothing for no fits', async () => {
    expect((await trainFits([], { device: 'cpu' })).trained).toEqual([])
  })
})
