import {
  canonicalJson,
  type Decision,
  type DecisionRecord,
  type Hash,
  type Hex,
  type ModelOutput,
  ZERO_HASH,
} from '../core/index.ts'
import type { StepResult } from './auditReport.ts'

/** A decision as a replay of the recorded observations makes it again. */
export type ReplayedDecision = {
  readonly decision: Decision
  /** The agent's data root when it decided. */
  readonly dataRoot: Hash
}

/** Checks that a model's stored artifact is the one that the hash names. */
export type CheckModel = (model: Hash) => Promise<'equal' | { readonly difference: string }>

/** Compares what was recorded with what the replay made, step by step from the data to the strategy. */
export async function compareReplay(
  recorded: DecisionRecord,
  replayed: ReplayedDecision,
  checkModel: CheckModel | undefined,
): Promise<StepResult[]> {
  const { decision, dataRoot } = replayed
  return [
    toStep('data', difference('data root', recorded.dataRoot, dataRoot)),
    toStep('features', featureDifference(recorded, decision)),
    toStep('model', await modelDifference(recorded, decision, checkModel)),
    toStep('strategy', restDifference(recorded, decision)),
  ]
}

/** Checks a recorded decision's model when there is no replay to compare with. */
export async function checkModelAlone(
  recorded: DecisionRecord,
  checkModel: CheckModel | undefined,
): Promise<StepResult> {
  if (checkModel === undefined || recorded.model === ZERO_HASH)
    return { step: 'model', result: 'skipped', detail: 'nothing to compare with' }
  return toStep('model', await artifactDifference(recorded.model, checkModel))
}

/** The step's result for a difference, or for none. */
export function toStep(step: StepResult['step'], detail: string | null): StepResult {
  return detail === null ? { step, result: 'equal' } : { step, result: 'different', detail }
}

/** Names what differs as "what: expected …, found …"; null when both are equal. The recorded one is expected. */
export function difference(what: string, expected: unknown, found: unknown): string | null {
  const [a, b] = [canonicalJson(expected), canonicalJson(found)]
  return a === b ? null : `${what}: expected ${a}, found ${b}`
}

function featureDifference(recorded: DecisionRecord, decision: Decision): string | null {
  const sets = difference('feature set', recorded.featureSet, decision.featureSet)
  if (sets !== null || recorded.features === decision.features) return sets
  const [expected, found] = [recorded.features, decision.features].map(unpack)
  if (expected === undefined || found === undefined || expected.length !== found.length)
    return `number of features: expected ${expected?.length}, found ${found?.length}`
  const index = expected.findIndex((bits, place) => bits !== found[place])
  return `feature ${index}: expected ${describe(expected[index])}, found ${describe(found[index])}`
}

async function modelDifference(
  recorded: DecisionRecord,
  decision: Decision,
  checkModel: CheckModel | undefined,
): Promise<string | null> {
  const { model } = recorded
  if (checkModel !== undefined && model !== ZERO_HASH) {
    const artifact = await artifactDifference(model, checkModel)
    if (artifact !== null) return artifact
  }
  return (
    difference('model', model, decision.model) ??
    difference('prediction', predictionOf(recorded), predictionOf(decision)) ??
    difference('attributions', recorded.attributions, decision.attributions)
  )
}

async function artifactDifference(model: Hash, checkModel: CheckModel): Promise<string | null> {
  const check = await checkModel(model)
  return check === 'equal' ? null : check.difference
}

/** Compares field by field what the earlier steps do not, and names the first field that differs. */
function restDifference(recorded: DecisionRecord, decision: Decision): string | null {
  const { dataRoot: _dataRoot, revealAtMs: _revealAtMs, salt: _salt, ...expected } = recorded
  const named =
    difference('kind', recorded.output.kind, decision.output.kind) ??
    fieldDifference(withoutPrediction(recorded), withoutPrediction(decision)) ??
    fieldDifference(withoutEarlier(expected), withoutEarlier(decision))
  return named
}

/** Names the innermost field that differs, as `terms.size.units`. */
function fieldDifference(expected: object, found: object, within = ''): string | null {
  const fields = { ...found, ...expected }
  const [a, b] = [new Map(Object.entries(expected)), new Map(Object.entries(found))]
  for (const name of Object.keys(fields)) {
    const [theirs, ours] = [a.get(name) ?? null, b.get(name) ?? null]
    const named =
      isObject(theirs) && isObject(ours)
        ? fieldDifference(theirs, ours, `${within}${name}.`)
        : difference(`${within}${name}`, theirs, ours)
    if (named !== null) return named
  }
  return null
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function withoutPrediction({ output }: Decision): object {
  if (output.kind !== 'signal') return output
  const { prediction: _prediction, ...rest } = output
  return rest
}

function withoutEarlier(decision: Decision): object {
  const { output: _o, featureSet: _s, features: _f, model: _m, attributions: _a, ...rest } = decision
  return rest
}

function predictionOf({ output }: Decision): ModelOutput | null {
  return output.kind === 'signal' ? output.prediction : null
}

/** The 32-bit groups of a feature vector, as hexadecimal. */
function unpack(features: Hex): string[] {
  return features.slice(2).match(/.{8}/g) ?? []
}

function describe(bits = ''): string {
  return `${Buffer.from(bits, 'hex').readFloatBE(0)} (0x${bits})`
}
