import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Objective } from '../learner.ts'
import { plainTrees } from './plainTrees.fixture.ts'
import { trainTrees } from './trainTrees.ts'
import { noisyRule, treesFit } from './treesFit.fixture.ts'

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)

test('trees are those of a plain trainer that tries every split from scratch, tree for tree', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.nat(100_000),
        rows: fc.integer({ min: 8, max: 90 }),
        columns: fc.integer({ min: 1, max: 20 }),
        objective: oneOf<Objective>('direction', 'return'),
        rounds: fc.integer({ min: 1, max: 4 }),
        depth: fc.integer({ min: 1, max: 4 }),
        l2: oneOf(0, 0.5, 1),
        minLeafWeight: oneOf(0, 0.3, 2),
        minGain: oneOf(0, 0.2),
        rowShare: oneOf(1, 0.6),
        featureShare: oneOf(1, 0.5),
        validationShare: oneOf(0, 0.25),
        missingShare: oneOf(0, 0.2),
        isWeighted: fc.boolean(),
      }),
      async ({ seed, rows, columns, objective, validationShare, missingShare, isWeighted, ...learner }) => {
        const rule = noisyRule(objective)
        let row = 0
        const fit = treesFit({
          rows,
          columns,
          objective,
          seed,
          validationShare,
          missingShare,
          learner: { ...learner, learningRate: 0.4, patience: 100 },
          // Both classes among the rows to fit to, whatever else.
          target: (features, random) => {
            const target = rule(features, random)
            row++
            return objective === 'direction' && row <= 2 ? row - 1 : target
          },
          ...(isWeighted ? { weight: random => 0.25 + 2 * random() } : {}),
        })
        const { ensemble, history } = await trainTrees(fit, { workers: 0 })
        const plain = plainTrees(fit)
        expect(history.losses).toEqual(plain.losses)
        expect(history.validationLosses).toEqual(plain.validationLosses)
        expect(ensemble).toEqual({
          ...plain.ensemble,
          trees: plain.ensemble.trees.slice(0, history.bestStep),
        })
      },
    ),
    { numRuns: 80, seed: 11 },
  )
})

test.each<Objective>(['direction', 'return'])(
  'rounding gradients to integers costs nothing that a loss would show (%s)',
  async objective => {
    const fit = treesFit({
      rows: 1_500,
      columns: 4,
      objective,
      target: noisyRule(objective),
      learner: { rounds: 12, depth: 3 },
    })
    const { history } = await trainTrees(fit, { workers: 0 })
    const { losses } = plainTrees(fit, false)
    for (const [round, loss] of losses.entries()) expect(history.losses[round]).toBeCloseTo(loss, 5)
  },
)
