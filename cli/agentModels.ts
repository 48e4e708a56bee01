import type { DatedModel } from '../agents/index.ts'
import type { AgentId, Hash, RecordedDecision, Store, StoredAgent } from '../core/index.ts'
import { unixMs } from '../core/index.ts'
import { parseBody } from '../decision-log/index.ts'
import type { Inference } from '../models/index.ts'

/** Model changes read at a time. */
const PAGE_SIZE = 500

/** What an agent was given after its first model. */
export type LaterModels = {
  /** In the order of time. */
  readonly models: readonly DatedModel[]
  /** How many of `givenModels` they take in: what comes later is not among them. */
  readonly given: number
}

/**
 * The models that came after an agent's first: those whose change it recorded, from the time that it recorded, and
 * those that it was given since, from its next decision on.
 *
 * @param load gives a model by its hash; null where it is not there any more, which leaves the change out.
 */
export async function laterModels(
  { decisions, agents }: Pick<Store, 'decisions' | 'agents'>,
  { id: agent, model: first, activeFromMs }: Pick<StoredAgent, 'id' | 'model' | 'activeFromMs'>,
  load: (model: Hash) => Promise<Inference | null>,
): Promise<LaterModels> {
  const later: DatedModel[] = []
  const add = async (model: Hash, fromMs: number, cause: DatedModel['cause']) => {
    const inference = await load(model)
    if (inference !== null) later.push({ fromMs: unixMs(fromMs), inference, cause })
  }
  const gifts = await agents.givenModels(agent)
  let taken = 0
  for await (const { body, timeMs } of modelChanges(decisions, agent)) {
    const { output } = parseBody(body)
    // What the rule promoted follows from the data: it is not told again, so that a replay can differ from it.
    if (output.kind !== 'modelChange' || output.cause === 'promoted') continue
    const { to } = output
    const isFirst = output.cause === 'deployed'
    if (isFirst && to === first) continue
    const cause = isFirst ? 'rolledBack' : output.cause
    // One that was in force already left no record, so it is found by what it was, not by counting.
    const gift = gifts.findIndex((each, place) => place >= taken && each.model === to && each.cause === cause)
    if (gift !== -1) taken = gift + 1
    // Another than the first is deployed only where it was returned to before the first decision.
    if (!isFirst || gift !== -1) await add(to, timeMs, cause)
  }
  const [last] = await decisions.list({ agent, newestFirst: true, limit: 1 })
  const fromMs = (last?.timeMs ?? activeFromMs) + 1
  for (const { model, cause } of gifts.slice(taken)) await add(model, fromMs, cause)
  return { models: later, given: gifts.length }
}

async function* modelChanges(
  decisions: Store['decisions'],
  agent: AgentId,
): AsyncGenerator<RecordedDecision> {
  for (let fromSequence = 0; ; ) {
    const page = await decisions.list({ agent, kinds: ['modelChange'], fromSequence, limit: PAGE_SIZE })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_SIZE) return
    fromSequence = last.sequence + 1
  }
}
