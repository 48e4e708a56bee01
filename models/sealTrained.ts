import { SCORE_ONE } from '../core/index.ts'
import {
  applyCalibration,
  fitCalibration,
  fitConformalInterval,
  fitReturnMap,
  LOG_ODDS_PRIOR,
  type ScoreCalibration,
} from './evaluation/index.ts'
import type { ResolvedModelSpec } from './modelSpec.ts'
import type { FloatNetwork } from './networks/floatNetwork.ts'
import { averageUniqueness, type Fold, type Samples } from './samples/index.ts'
import type { Evaluator } from './sealed/evaluator.ts'
import { type LinkSource, linkOf } from './sealed/link.ts'
import { createNetworkEvaluator } from './sealed/networkEvaluator.ts'
import type { Program } from './sealed/program.ts'
import {
  assertSealable,
  type LossLimits,
  type QuantisationLoss,
  quantisationLoss,
} from './sealed/quantisationLoss.ts'
import { quantiseNetwork } from './sealed/quantiseNetwork.ts'
import { createTreesEvaluator } from './sealed/treesEvaluator.ts'
import { treesProgram } from './sealed/treesProgram.ts'
import type { TreeEnsemble } from './trees/treeEnsemble.ts'

/** The integers of a trained model, and what it lost to become them; nothing is lost of trees. */
export type SealedProgram = {
  readonly program: Program
  readonly evaluator: Evaluator
  readonly loss: QuantisationLoss | null
}

/**
 * Seals a trained model: quantises it on its training rows, calibrates its integer scores on the fold's calibration
 * rows, and measures there how far returns stray from what it expects of them.
 *
 * @throws InvalidInputError when sealing loses more than the limits, or the rows are too few to calibrate on.
 */
export function sealTrained(
  trained: FloatNetwork | TreeEnsemble,
  {
    values,
    samples,
    fold,
    spec,
    limits,
  }: {
    readonly values: Float32Array
    readonly samples: Samples
    readonly fold: Fold
    readonly spec: Pick<ResolvedModelSpec, 'objective' | 'classBalance' | 'calibration' | 'coverage'>
    readonly limits?: LossLimits | undefined
  },
): SealedProgram {
  const { train, validation, calibration, test } = fold
  const bare: Program =
    'trees' in trained ? treesProgram(trained) : quantiseNetwork(trained, { values, rows: train.rows })
  const scores = (rows: Uint32Array) =>
    Float64Array.from(evaluatorOf(bare).scores(values, rows), score => score / SCORE_ONE)
  const program =
    calibration.rows.length === 0
      ? bare
      : {
          ...bare,
          link: linkOf(
            linkSource({
              scores,
              samples,
              spec,
              calibrationRows: calibration.rows,
              // The interval's own rows would make it too narrow.
              mapRows: validation.rows.length > 0 ? validation.rows : train.rows,
              scale: { centre: trained.targetCentre, slope: trained.targetScale },
            }),
          ),
        }
  const evaluator = evaluatorOf(program)
  if ('trees' in trained || program.kind === 'trees') return { program, evaluator, loss: null }
  const rows = [test.rows, calibration.rows, train.rows].find(({ length }) => length > 0) ?? train.rows
  const loss = quantisationLoss(trained, program, { values, rows })
  assertSealable(loss, limits)
  return { program, evaluator, loss }
}

function evaluatorOf(program: Program): Evaluator {
  return program.kind === 'trees' ? createTreesEvaluator(program) : createNetworkEvaluator(program)
}

function linkSource({
  scores,
  samples: { labelReturn, endRow },
  spec: { objective, classBalance, calibration: kind, coverage },
  calibrationRows,
  mapRows,
  scale,
}: {
  readonly scores: (rows: Uint32Array) => Float64Array
  readonly samples: Samples
  readonly spec: Pick<ResolvedModelSpec, 'objective' | 'classBalance' | 'calibration' | 'coverage'>
  readonly calibrationRows: Uint32Array
  readonly mapRows: Uint32Array
  readonly scale: { readonly centre: number; readonly slope: number }
}): LinkSource {
  const returnsOf = (rows: Uint32Array) => Float64Array.from(rows, row => labelReturn[row] ?? Number.NaN)
  const held = scores(calibrationRows)
  const returns = returnsOf(calibrationRows)
  const calibration: ScoreCalibration =
    kind === 'none'
      ? fitCalibration({ kind })
      : fitCalibration({
          kind,
          scores: held,
          outcomes: Uint8Array.from(returns, made => (made > 0 ? 1 : 0)),
          // Labels that look at the same prices are one piece of evidence.
          weights: averageUniqueness(calibrationRows, endRow),
          // Scores of directions are log-odds: what they were trained to be, unless the classes were weighed anew.
          prior: objective === 'direction' && !classBalance ? LOG_ODDS_PRIOR : undefined,
        })
  const probability = (score: number) => applyCalibration(calibration, score)
  // A score of returns says how much by itself; one of directions by its probability.
  const [of, x, map] =
    objective === 'return'
      ? (['score', (score: number) => score, scale] as const)
      : ([
          'probability',
          probability,
          fitReturnMap(scores(mapRows).map(probability), returnsOf(mapRows)),
        ] as const)
  const interval = fitConformalInterval({ predictions: held.map(x), returns, map, coverage })
  return { calibration, expectedReturn: { of, ...map }, interval }
}
