import {
  type Attribution,
  canonicalJson,
  type DecisionRecord,
  InvalidInputError,
  NotFoundError,
  SCORE_ONE,
  ZERO_HASH,
} from '../core/index.ts'
import { parseBody } from '../decision-log/index.ts'
import { unpackFeatures } from '../feature-store/index.ts'
import {
  createModelRegistry,
  createSealedInference,
  describeExplanation,
  type Explanation,
  int16FromText,
  type SealedModel,
} from '../models/index.ts'
import type { Workspace } from './workspace.ts'

/** Why a decision was made, computed again from its record. */
export type ExplainedDecision = {
  readonly record: DecisionRecord
  readonly model: SealedModel
  readonly explanation: Explanation
  /** By feature, in the order of the vector. */
  readonly features: readonly {
    readonly name: string
    /** As recorded; null where it was missing. Of a model over time the newest. */
    readonly value: number | null
    /** Of the score, in units of 1. */
    readonly contribution: number
    readonly standardError: number
  }[]
  /** In plain English. */
  readonly text: string
  /** Whether the attributions computed again are those of the record. */
  readonly isAsRecorded: boolean
}

/**
 * Explains a recorded decision by the model that it names, from the features that it recorded.
 *
 * @throws NotFoundError when there is no such decision or model; InvalidInputError when it came from no model.
 */
export async function explainDecision(
  { store }: Pick<Workspace, 'store'>,
  agent: string,
  sequence: number,
): Promise<ExplainedDecision> {
  const stored = await store.agents.find(agent)
  const recorded = stored === null ? null : await store.decisions.find(stored.id, sequence)
  if (recorded === null)
    throw new NotFoundError(`There is no decision ${agent}/${sequence}.`, {
      facts: { agent, sequence },
      hint: 'List the agents with `touchstone agents`; decisions are counted from 0.',
    })
  const record = parseBody(recorded.body)
  // A model over time has features to look at before it has enough of them to say anything.
  const isPredicted =
    record.output.kind === 'signal' ? record.output.prediction !== null : record.attributions.length > 0
  if (record.model === ZERO_HASH || record.features === '0x' || !isPredicted)
    throw new InvalidInputError(
      `Decision ${agent}/${sequence}, a ${recorded.kind}, was drawn from no prediction.`,
      {
        facts: { agent, sequence, kind: recorded.kind },
        hint: 'Explain a signal or an order of an agent that has a model.',
      },
    )
  const model = await createModelRegistry(store.models).load(record.model)
  const { program, card } = model
  const inference = createSealedInference(model)
  const vector = unpackFeatures(record.features)
  const explanation = inference.explain(vector)
  const newest = vector.subarray(vector.length - card.features.length)
  const attributions = card.features.map(
    (feature, place): Attribution => ({ feature, effect: explanation.contributions[place] ?? 0 }),
  )
  return {
    record,
    model,
    explanation,
    features: card.features.map((name, place) => {
      const value = newest[place] ?? Number.NaN
      return {
        name,
        value: Number.isNaN(value) ? null : value,
        contribution: (explanation.contributions[place] ?? 0) / SCORE_ONE,
        standardError: (explanation.standardErrors[place] ?? 0) / SCORE_ONE,
      }
    }),
    text: describeExplanation({
      explanation,
      objective: program.objective,
      features: card.features,
      probabilityPpm: inference.probabilityPpm(explanation.score),
      inputs: inference.quantise(vector),
      background: int16FromText(card.background.inputs) ?? new Int16Array(0),
    }),
    isAsRecorded: canonicalJson(record.attributions) === canonicalJson(attributions),
  }
}
