import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { agentDefinitionHash, observedInstruments } from '../agents/index.ts'
import {
  type DeflatedInput,
  type Figure,
  fixParameters,
  luckFigures,
  type ParameterSpace,
  runSweep,
  type SearchGoal,
  type SearchMethod,
  type SharedColumns,
  type Sweep,
  type SweepFigures,
  type SweepProgress,
} from '../backtest/index.ts'
import { type Hash, InvalidInputError, type UnixMs } from '../core/index.ts'
import { createModelRegistry, serialiseSealedModel } from '../models/index.ts'
import { loadAgentModule } from './agentCatalogue.ts'
import { agentWithHistory } from './backtestAgent.ts'
import { agentConfig } from './deployedAgents.ts'
import { parameterValues } from './parameterValues.ts'
import { pricePath } from './pricePath.ts'
import { openProjectLedger } from './projectLedger.ts'
import type { SweepRunSettings } from './sweepEvaluator.ts'
import { CONFIGURATION_FIGURE, type SweepFigureName } from './sweepFigures.ts'
import { shareSweepHistory } from './sweepHistory.ts'
import { systemClock } from './systemClock.ts'
import type { Workspace } from './workspace.ts'

/** Where a project keeps the results of its sweeps, one file an agent. */
const SWEEP_FOLDER = 'sweeps'

/** What is run at each point, and over what. */
export type SweepSubject = {
  readonly fromMs?: UnixMs
  readonly toMs?: UnixMs
  /** Parameters that keep one value, as `name=value`. */
  readonly fixed: readonly string[]
}

/** A sweep that is ready to run: it needs the project's store no more. */
export type PreparedSweep = {
  readonly directory: string
  readonly space: ParameterSpace
  readonly settings: SweepRunSettings
  readonly columns: SharedColumns
  readonly definition: Hash
  readonly dataHash: Hash
  /** When the last price of the traded instrument was known. */
  readonly endMs: UnixMs
}

/**
 * Loads an agent, its parameters and its history.
 *
 * @throws InvalidInputError when the agent has no parameters, one is unknown or out of range, or nothing can be traded.
 */
export async function prepareSweep(
  workspace: Workspace,
  name: string,
  { fixed, ...options }: SweepSubject,
): Promise<PreparedSweep> {
  const agent = await agentConfig(workspace, name)
  const { space: whole } = await loadAgentModule(agent.definition)
  if (whole === null)
    throw new InvalidInputError(`Agent "${agent.name}" has no parameters to sweep.`, {
      facts: { agent: agent.name, definition: agent.definition },
      hint: 'Export `space = parameters({ … })` from a module of its own, beside `createAgent(options, point)`; docs/search.md shows one.',
    })
  const space = fixParameters(whole, parameterValues(whole, fixed))
  const { definition, model, inference, history, activeFromMs } = await agentWithHistory(
    workspace,
    name,
    options,
  )
  const pricedMs = pricePath(history.events, definition.instrument.id).timeMs.at(-1)
  if (pricedMs === undefined || pricedMs <= activeFromMs)
    throw new InvalidInputError(`There is no price of ${definition.instrument.symbol} to sweep over.`, {
      facts: { instrument: definition.instrument.id, fromMs: activeFromMs },
      hint: 'Ingest some with `touchstone ingest`, or widen --from and --to.',
    })
  const sealed = inference === null ? null : await createModelRegistry(workspace.store.models).load(model)
  const { retainBlocks, dataHash } = history
  return {
    directory: workspace.directory,
    space,
    settings: {
      agent,
      model,
      sealed: sealed === null ? null : serialiseSealedModel(sealed).text,
      activeFromMs,
      retainBlocks,
      instruments: observedInstruments(definition),
    },
    columns: shareSweepHistory(history.events, observedInstruments(definition)),
    definition: agentDefinitionHash(definition),
    dataHash,
    endMs: pricedMs as UnixMs,
  }
}

/** How a prepared sweep is run. */
export type SweepRunOptions = {
  readonly method: SearchMethod
  readonly seed: number
  readonly trials?: number
  readonly workers?: number
  readonly objective: SweepFigureName
  readonly goal: SearchGoal
  /** Whether to go on with the results of the same sweep. */
  readonly resume: boolean
  readonly signal: AbortSignal
  readonly onProgress: (progress: SweepProgress) => void
}

/** A sweep that was run, and what its best point is worth among all trials of the agent. */
export type AgentSweep = Sweep<Record<string, string | number | boolean>> & {
  readonly bestFigures: SweepFigures | null
  readonly luck: readonly Figure[]
}

/**
 * Runs an agent at the points of its space on threads; every run is a trial of the project.
 *
 * @throws InvalidInputError when not one point could be run, or the sweep was interrupted.
 */
export async function runAgentSweep(
  { directory, space, settings, columns, definition, dataHash, endMs }: PreparedSweep,
  { resume, signal, ...options }: SweepRunOptions,
): Promise<AgentSweep> {
  const { agent, model, activeFromMs, retainBlocks } = settings
  const ledger = await openProjectLedger(directory)
  await mkdir(join(directory, SWEEP_FOLDER), { recursive: true })
  let done = 0
  const sweep = await runSweep({
    ...options,
    space,
    signal,
    evaluate: {
      module: new URL(`./sweepEvaluator.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
      exportName: 'createSweepEvaluator',
      settings,
    },
    columns,
    // How the columns are encoded does not matter.
    data: dataHash,
    configuration: { definition, model, activeFromMs, retainBlocks },
    file: join(directory, SWEEP_FOLDER, `${agent.name}.jsonl`),
    restart: !resume,
    ledger: {
      ledger,
      agent: agent.name,
      fromMs: activeFromMs,
      toMs: endMs,
      now: systemClock,
      figures: { configuration: CONFIGURATION_FIGURE },
    },
    onProgress: progress => {
      done = progress.done
      options.onProgress(progress)
    },
  }).catch((error: unknown) => {
    throw signal.aborted ? interrupted(agent.name, done) : error
  })
  const [first] = sweep.results
  if (first !== undefined && 'error' in first && sweep.progress.failed === sweep.progress.done)
    throw new InvalidInputError(`Not one of ${sweep.progress.done} points could be run: ${first.error}`, {
      facts: { agent: agent.name, points: sweep.progress.done },
      hint: 'Correct the agent, or the ranges of its parameters.',
    })
  const best = sweep.best === null ? undefined : sweep.results[sweep.best.trial]
  const bestFigures = best !== undefined && 'figures' in best ? best.figures : null
  return {
    ...sweep,
    bestFigures,
    luck:
      bestFigures === null
        ? []
        : luckFigures(bestFigures as DeflatedInput, { ledger: await ledger.summary({ agent: agent.name }) }),
  }
}

const interrupted = (agent: string, done: number): InvalidInputError =>
  new InvalidInputError(`Interrupted after ${done.toLocaleString('en-US')} points, whose results are kept.`, {
    facts: { agent, done },
    hint: 'Run the same command with --resume to go on.',
  })
