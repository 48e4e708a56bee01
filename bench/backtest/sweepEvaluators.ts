import type { CreateEvaluator, Evaluate, EvaluatorContext } from '../../backtest/search/index.ts'
import type { Ppm } from '../../core/index.ts'
import type { SmaBars } from './smaMarket.ts'
import { type RunOnce, SIZING, type SmaTask } from './smaTask.ts'

/** Lengths of the two averages. */
export type SmaPair = { readonly fast: number; readonly slow: number }
/** What the sweep gives each thread beside the columns of the bars. */
export type SmaSettings = { readonly feePpm: number }

function evaluatorOf(
  prepare: (task: SmaTask) => RunOnce,
  { columns, settings, features }: EvaluatorContext<SmaSettings>,
): Evaluate<SmaPair> {
  const feePpm = settings.feePpm as Ppm
  const run = prepare({ bars: columns as unknown as SmaBars, reversing: false, feePpm, features })
  return async ({ fast, slow }) => {
    const { trades, finalEquityE8 } = await run(fast, slow)
    return { trades, finalEquityE8 }
  }
}

// What the threads of the sweep evaluate pairs with. Each loads its contender alone: memory is compared.

type Create = CreateEvaluator<SmaPair, SmaSettings>
export const ours: Create = async context => evaluatorOf((await import('./ours.ts')).prepareOurs, context)
export const bareLoop: Create = async context => {
  const { prepareBareLoop } = await import('./bareLoop.ts')
  return evaluatorOf(task => prepareBareLoop(task, SIZING), context)
}
export const grademark: Create = async context =>
  evaluatorOf((await import('./inGrademark.ts')).prepareGrademark, context)
