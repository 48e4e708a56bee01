import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DecisionRecord,
  type DecisionStore,
  extendDataRoot,
  IntegrityError,
  type RecordedDecision,
  unixMs,
} from '../core/index.ts'
import {
  type AuditedDecision,
  type AuditOptions,
  auditAgent,
  createAnchorWorker,
  createRecorder,
  encodeBody,
  hashRecord,
  parseBody,
  type ReplayedDecision,
} from './index.ts'
import { recordSchema } from './recordSchema.ts'
import { hashOf, OUTPUTS, sampleDecision, sampleRecord } from './test/sampleDecisions.ts'
import { singleChanges } from './test/singleChanges.ts'
import { openTestbed, type TestAgent, type Testbed } from './test/testbed.ts'

// Whoever tampers here holds everything that an operator holds: the database, and the agent's own key, with which what
// was changed is hashed and signed anew. What cannot be changed is the chain, and the data that anybody has.

const COUNT = OUTPUTS.length
/** All sequences from one on. */
const from = (first: number) => Array.from({ length: COUNT - first }, (_, place) => first + place)
let bed: Testbed
let agent: TestAgent
let truth: ReplayedDecision[]
let rows: readonly RecordedDecision[]

beforeAll(async () => {
  bed = await openTestbed()
  agent = await bed.newAgent()
  let dataRoot = hashOf('0')
  truth = OUTPUTS.map((output, sequence) => {
    dataRoot = extendDataRoot(dataRoot, hashOf(String(sequence)))
    return { decision: sampleDecision(agent.signer.agent, sequence, output), dataRoot }
  })
  const { record } = createRecorder({ ...agent, domain: bed.domain })
  for (const { decision, dataRoot: root } of truth) await record([decision], root)
  const worker = createAnchorWorker({ ...agent.options, maxBatch: 3 })
  await worker.flush()
  await worker.stop()
  rows = await agent.store.list({ agent: agent.signer.agent, limit: COUNT })
})
afterAll(() => bed?.stop())

async function* replayOf(decisions: readonly ReplayedDecision[]): AsyncIterable<ReplayedDecision> {
  yield* decisions
}

/** The store as it is when it holds these rows instead. */
const storeOf = (changed: readonly RecordedDecision[]): DecisionStore => ({
  ...agent.store,
  nextSequence: async () => changed.length,
  list: async ({ fromSequence = 0 }) => changed.filter(({ sequence }) => sequence >= fromSequence),
})

const audit = (options: Partial<AuditOptions>) =>
  auditAgent({
    agent: agent.signer.agent,
    decisions: agent.store,
    chain: { rpcUrl: bed.url, contract: bed.contract, fromBlock: bed.deployedAt },
    domain: bed.domain,
    replay: () => replayOf(truth),
    model: async () => 'equal',
    ...options,
  })

/** A stored row of a record, hashed and signed with the agent's own key. */
async function forged(record: DecisionRecord, feedSequence = record.sequence): Promise<RecordedDecision> {
  const { sequence, instrument, timeMs, output } = record
  const leaf = hashRecord(record, bed.domain)
  return {
    agent: agent.signer.agent,
    sequence,
    feedSequence,
    kind: output.kind,
    instrument,
    timeMs,
    body: encodeBody(record),
    leaf,
    signature: await agent.signer.sign(leaf),
  }
}

const found = ({ steps }: AuditedDecision) =>
  steps.filter(({ result }) => result === 'different').map(({ step, detail }) => `${step}: ${detail}`)

test('nobody tampered: nothing is found', async () => {
  expect(await audit({})).toMatchObject({ checked: COUNT, different: 0 })
})

/** What the audit calls a field of the record, where it is not its name. */
const CALLED: Readonly<Record<string, RegExp>> = {
  dataRoot: /^data: data root: /,
  featureSet: /^features: feature set: /,
  features: /^features: (feature \d|number of features)/,
  model: /^model: model: /,
  attributions: /^model: attributions: /,
  prediction: /^model: prediction: /,
}

describe('a field of a record, changed in the store', () => {
  test.each(OUTPUTS.map(({ kind }, sequence) => [kind, sequence] as const))(
    'of a %s: each is found at the leaf on chain, and named',
    async (kind, sequence) => {
      const own = parseBody(rows[sequence]!.body)
      const other = sampleRecord(agent.signer.agent, sequence + 1, OUTPUTS[(sequence + 1) % COUNT])
      // One change of each field is enough here: that any change changes the leaf is `hashRecord`'s to show.
      const changes = new Map(singleChanges(recordSchema, own, other))
      expect(changes.size).toBeGreaterThan(15)
      for (const [path, changed] of changes) {
        const { decisions, different } = await audit({
          decisions: storeOf(rows.with(sequence, { ...(await forged(changed)), sequence })),
          sequences: sequence,
        })
        expect([path, different]).toEqual([path, 1])
        const [leafFault, ...others] = found(decisions[0]!)
        expect(leafFault).toMatch(/^body: hash of the body: expected "0x/)
        const [field = '', inner = ''] = path.split('.')
        // Only the agent's key can say which salt it should be; and when to publish is its own affair.
        if (field === 'salt' || field === 'revealAtMs') continue
        const name = field === 'output' ? inner || 'kind' : field
        const called =
          changed.output.kind === kind
            ? (CALLED[name] ?? new RegExp(`^strategy: ${name}`))
            : /^strategy: kind/
        expect([path, others.filter(fault => called.test(fault))]).not.toEqual([path, []])
      }
    },
    60_000,
  )
})

describe('with the agent’s own key', () => {
  const renumbered = (from: readonly RecordedDecision[]) =>
    Promise.all(from.map(({ body }, sequence) => forged({ ...parseBody(body), sequence })))
  const firstOf = async (options: Partial<AuditOptions>) => {
    const report = await audit(options)
    return [report.decisions.map(({ sequence }) => sequence), found(report.decisions[0]!)] as const
  }

  test('two decisions in another order: both are named', async () => {
    const [sequences, faults] = await firstOf({
      decisions: storeOf(await renumbered([...rows.slice(0, 3), rows[4]!, rows[3]!, ...rows.slice(5)])),
    })
    expect(sequences).toEqual([3, 4])
    expect(faults[0]).toMatch(/^body: hash of the body/)
    expect(faults.at(-1)).toMatch(/^strategy: kind: expected "modelChange", found "halt"/)
  })

  test('a decision removed: the gap is named; and when the rest moves up, all from there on', async () => {
    const [gap, faults] = await firstOf({
      decisions: { ...storeOf(rows.toSpliced(3, 1)), nextSequence: async () => COUNT },
    })
    expect(gap).toEqual([3])
    expect(faults).toEqual(['body: the store has no such decision'])
    const [moved, more] = await firstOf({ decisions: storeOf(await renumbered(rows.toSpliced(3, 1))) })
    expect(moved).toEqual(from(3))
    expect(more[0]).toMatch(/^body: hash of the body/)
  })

  test('a decision inserted: all from there on, and the last has no place on chain', async () => {
    const [sequences, faults] = await firstOf({
      decisions: storeOf(await renumbered([...rows.slice(0, 5), rows[1]!, ...rows.slice(5)])),
    })
    expect(sequences).toEqual([...from(5), COUNT])
    expect(faults[0]).toMatch(/^body: hash of the body/)
    const report = await audit({ decisions: storeOf(await renumbered([...rows, rows[1]!])) })
    expect(report.decisions.map(found)).toEqual([
      [
        `anchor: the chain holds no decision ${COUNT}, only those before ${COUNT}`,
        'strategy: the replay made no such decision',
      ].map(fault => expect.stringContaining(fault)),
    ])
  })

  test('a decision back-dated: its time is named', async () => {
    const record = parseBody(rows[5]!.body)
    const row = await forged({ ...record, timeMs: unixMs(record.timeMs - 86_400_000) })
    const [sequences, faults] = await firstOf({ decisions: storeOf(rows.with(5, row)) })
    expect(sequences).toEqual([5])
    expect(faults.at(-1)).toMatch(/^strategy: timeMs: expected \d+, found \d+$/)
  })

  test('every leaf, and every signature: the decision is named', async () => {
    for (const row of rows) {
      const [leaves, leafFaults] = await firstOf({
        decisions: storeOf(rows.with(row.sequence, { ...row, leaf: hashOf('1') })),
      })
      expect([leaves, leafFaults[0]]).toEqual([[row.sequence], expect.stringMatching(/^body: stored leaf: /)])
      const [signed, faults] = await firstOf({
        decisions: storeOf(
          rows.with(row.sequence, { ...row, signature: await agent.signer.sign(hashOf('1')) }),
        ),
      })
      expect([signed, faults]).toEqual([[row.sequence], [expect.stringMatching(/^signature: signer: /)]])
    }
  })
})

describe('what decisions are made of', () => {
  test('the model: each decision that it made is named, with the fault', async () => {
    const report = await audit({ model: async () => ({ difference: 'weight 3 is 4, not 5' }) })
    expect(report.decisions.map(found)).toEqual(rows.map(() => ['model: weight 3 is 4, not 5']))
  })

  test('a recorded log: every decision from it on, by its data root', async () => {
    const replay = () =>
      replayOf(truth.map((made, index) => (index < 2 ? made : { ...made, dataRoot: hashOf('1') })))
    const report = await audit({ replay })
    expect(report.decisions.map(({ sequence }) => sequence)).toEqual(from(2))
    for (const decision of report.decisions)
      expect(found(decision)).toEqual([expect.stringMatching(/^data: data root: /)])
  })

  test('a recorded log that cannot be what was observed stops the replay, and is named', async () => {
    const replay = async function* (): AsyncIterable<ReplayedDecision> {
      yield* truth.slice(0, 6)
      throw new IntegrityError('Observation eip155:1/23000007/3 was changed.', { hint: 'Restore it.' })
    }
    const report = await audit({ replay })
    expect(report.decisions.map(({ sequence }) => sequence)).toEqual(from(6))
    expect(found(report.decisions[0]!)[0]).toContain('Observation eip155:1/23000007/3 was changed.')
  })
})
