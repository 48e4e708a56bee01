import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Decision,
  type DecisionStore,
  extendDataRoot,
  type Hash,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  ppm,
  quantity,
  type RecordedDecision,
  UnavailableError,
} from '../core/index.ts'
import {
  AUDIT_STEPS,
  type AuditOptions,
  type AuditStep,
  auditAgent,
  createAnchorWorker,
  createRecorder,
  type ReplayedDecision,
} from './index.ts'
import { hashOf, sampleDecision } from './test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed } from './test/testbed.ts'

const COUNT = 12
let bed: Testbed
let agent: TestAgent
/** What the agent decided: one decision for each observation. */
let truth: ReplayedDecision[]

beforeAll(async () => {
  bed = await openTestbed()
  agent = await bed.newAgent()
  let dataRoot = hashOf('0')
  truth = Array.from({ length: COUNT + 3 }, (_, sequence) => {
    dataRoot = extendDataRoot(dataRoot, hashOf((sequence % 10).toString()))
    return { decision: sampleDecision(agent.signer.agent, sequence), dataRoot }
  })
  const { record } = createRecorder({ ...agent, domain: bed.domain })
  for (const made of truth.slice(0, COUNT)) await record([made.decision], made.dataRoot)
  const worker = createAnchorWorker({ ...agent.options, maxBatch: 5 })
  await worker.flush()
  await worker.stop()
})
afterAll(() => bed.stop())

async function* replayOf(
  decisions: readonly ReplayedDecision[],
  failAt = -1,
): AsyncIterable<ReplayedDecision> {
  for (const [index, decision] of decisions.entries()) {
    if (index === failAt) throw new IntegrityError('Row 7 was changed.', { hint: 'Restore it.' })
    yield decision
  }
}

const audit = (options: Partial<AuditOptions> = {}) =>
  auditAgent({
    agent: agent.signer.agent,
    decisions: agent.store,
    chain: { rpcUrl: bed.url, contract: bed.contract, fromBlock: bed.deployedAt },
    domain: bed.domain,
    replay: () => replayOf(truth),
    model: async () => 'equal',
    ...options,
  })

/** The store as it would be with one stored decision changed behind the log's back. */
function storeWith(
  sequence: number,
  change: (row: RecordedDecision) => Partial<RecordedDecision>,
): DecisionStore {
  const alter = (row: RecordedDecision) => (row.sequence === sequence ? { ...row, ...change(row) } : row)
  return { ...agent.store, list: async query => (await agent.store.list(query)).map(alter) }
}

const replayWith = (sequence: number, change: (decision: Decision) => Partial<Decision>) => () =>
  replayOf(
    truth.map(made =>
      made.decision.sequence === sequence
        ? { ...made, decision: { ...made.decision, ...change(made.decision) } }
        : made,
    ),
  )

/** An order whose terms were changed. */
const changedOrder =
  (change: object) =>
  ({ output }: Decision): Partial<Decision> =>
    output.kind === 'order' ? { output: { ...output, terms: { ...output.terms, ...change } } } : {}

test('an honest agent: every step of every decision is equal', async () => {
  const progress: number[] = []
  const models: Hash[] = []
  const report = await audit({
    onProgress: checked => void progress.push(checked),
    model: async hash => {
      models.push(hash)
      return 'equal'
    },
  })
  const each = { equal: COUNT, different: 0, skipped: 0 }
  expect(report).toEqual({
    agent: agent.signer.agent,
    checked: COUNT,
    equal: COUNT,
    different: 0,
    decisions: [],
    rootOnly: [],
    steps: Object.fromEntries(AUDIT_STEPS.map(step => [step, each])),
  })
  expect(progress).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1))
  expect(models).toEqual([hashOf('b')])
})

describe('names the decision and the first step that differs', () => {
  const flip = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1)
  test.each<[string, number, AuditStep, RegExp, () => Partial<AuditOptions>]>([
    [
      'a changed number in a stored body',
      3,
      'body',
      /^hash of the body: expected "0x/,
      () => ({
        decisions: storeWith(3, ({ body }) => ({
          body: body.replace('"limit":{"$int":"-5', '"limit":{"$int":"-6'),
        })),
      }),
    ],
    [
      'white space in a stored body',
      4,
      'body',
      /its text is not canonical/,
      () => ({ decisions: storeWith(4, ({ body }) => ({ body: `${body} ` })) }),
    ],
    [
      'a changed leaf',
      5,
      'body',
      /^stored leaf: expected/,
      () => ({ decisions: storeWith(5, () => ({ leaf: hashOf('1') })) }),
    ],
    [
      'a changed column beside the body',
      5,
      'body',
      /^stored kind: expected "cancel", found "halt"/,
      () => ({ decisions: storeWith(5, () => ({ kind: 'halt' })) }),
    ],
    [
      'a changed signature',
      6,
      'signature',
      /^signer: expected "0x/,
      () => ({
        decisions: storeWith(6, ({ signature }) => ({ signature: `0x${flip(signature, 20).slice(2)}` })),
      }),
    ],
    [
      'a signature that is not even hexadecimal',
      6,
      'signature',
      /^signer: expected "0x[0-9a-f]{40}", found "not a signature"$/,
      () => ({ decisions: storeWith(6, () => ({ signature: `0x${'zz'.repeat(113)}` })) }),
    ],
    [
      'a stored leaf that is no hash',
      6,
      'body',
      /^stored leaf: expected "0x[0-9a-f]{64}", found "0xleaf"$/,
      () => ({ decisions: storeWith(6, () => ({ leaf: '0xleaf' })) }),
    ],
    [
      'a changed feature',
      8,
      'features',
      /^feature 2: expected 1\.12\d+e-44 \(0x00000008\), found 1\.26\d+e-44 \(0x00000009\)$/,
      () => ({ replay: replayWith(8, () => ({ features: '0x3f8000007fc0000000000009' })) }),
    ],
    [
      'another feature set',
      8,
      'features',
      /^feature set: expected "0xaaa/,
      () => ({ replay: replayWith(8, () => ({ featureSet: hashOf('1') })) }),
    ],
    [
      'a changed prediction',
      8,
      'model',
      /^prediction: expected {"probabilityUp":610000,"score":467001}, found {"probabilityUp":610000,"score":7}$/,
      () => ({
        replay: replayWith(8, ({ output }) => ({
          output: { ...output, prediction: { score: 7, probabilityUp: 610_000 } } as Decision['output'],
        })),
      }),
    ],
    [
      'a changed attribution',
      9,
      'model',
      /^attributions: expected \[/,
      () => ({ replay: replayWith(9, () => ({ attributions: [] })) }),
    ],
    [
      'a changed signal',
      8,
      'strategy',
      /^strength: expected 250000, found 10000$/,
      () => ({
        replay: replayWith(8, ({ output }) => ({
          output: { ...output, strength: ppm(0.01) } as Decision['output'],
        })),
      }),
    ],
    [
      'changed order terms',
      1,
      'strategy',
      /^terms\.size\.units: expected \{"\$int":"5000000000000000000"\}, found \{"\$int":"1"\}$/,
      () => ({ replay: replayWith(1, changedOrder({ size: { units: quantity(1n) } })) }),
    ],
    [
      'a term that the recorded order does not have',
      1,
      'strategy',
      /^terms\.reduceOnly: expected null, found true$/,
      () => ({ replay: replayWith(1, changedOrder({ reduceOnly: true })) }),
    ],
    [
      'a fill of another cause',
      2,
      'strategy',
      /^cause: expected "order", found "stopLoss"$/,
      () => ({
        replay: replayWith(2, ({ output }) => ({
          output: { ...output, cause: 'stopLoss' } as Decision['output'],
        })),
      }),
    ],
    [
      'a fill priced by another observation',
      2,
      'strategy',
      /^pricedBy\.block: expected 23000000, found 23000001$/,
      () => ({
        replay: replayWith(2, ({ output }) => ({
          output: {
            ...output,
            pricedBy: { source: 'eip155:1', block: 23_000_001, logIndex: 7 },
          } as Decision['output'],
        })),
      }),
    ],
    [
      'yield of another amount',
      7,
      'strategy',
      /^cashE8: expected \{"\$int":"1230000000"\}, found \{"\$int":"1"\}$/,
      () => ({
        replay: replayWith(7, ({ output }) => ({ output: { ...output, cashE8: 1n } as Decision['output'] })),
      }),
    ],
    [
      'another kind',
      1,
      'strategy',
      /^kind: expected "order", found "halt"$/,
      () => ({ replay: replayWith(1, () => ({ output: sampleDecision(agent.signer.agent, 3).output })) }),
    ],
    [
      'another time',
      2,
      'strategy',
      /^timeMs: expected 1700007200000, found 1700010800000$/,
      () => ({ replay: replayWith(2, () => ({ timeMs: sampleDecision(agent.signer.agent, 3).timeMs })) }),
    ],
    [
      'another strategy',
      2,
      'strategy',
      /^strategy: expected "0xccc/,
      () => ({ replay: replayWith(2, () => ({ strategy: hashOf('1') })) }),
    ],
  ])('%s', async (_, sequence, step, detail, options) => {
    const report = await audit(options())
    expect(report).toMatchObject({ checked: COUNT, equal: COUNT - 1, different: 1 })
    const [found] = report.decisions
    expect(found!.sequence).toBe(sequence)
    expect(found!.steps.map(result => result.step)).toEqual(AUDIT_STEPS)
    expect(found!.steps.find(({ result }) => result === 'different')).toMatchObject({
      step,
      detail: expect.stringMatching(detail),
    })
  })
})

test('a changed observation: every later data root differs', async () => {
  const replay = () =>
    replayOf(
      truth.map((made, index) =>
        index < 7 ? made : { ...made, dataRoot: extendDataRoot(made.dataRoot, hashOf('1')) },
      ),
    )
  const report = await audit({ replay })
  expect(report.decisions.map(({ sequence }) => sequence)).toEqual([7, 8, 9, 10, 11])
  for (const { steps } of report.decisions)
    expect(steps.filter(({ result }) => result === 'different').map(({ step }) => step)).toEqual(['data'])
})

test('a damaged model: each of its decisions differs, and it is read once', async () => {
  let reads = 0
  const model = async () => {
    reads += 1
    return { difference: 'weight 3 was changed' }
  }
  const report = await audit({ model })
  expect([report.different, report.steps.model.different, reads]).toEqual([COUNT, COUNT, 1])
  const alone = await audit({ model, replay: () => null })
  expect(alone.decisions[0]!.steps).toContainEqual({
    step: 'model',
    result: 'different',
    detail: 'weight 3 was changed',
  })
})

test('a replay that finds the data changed makes the rest different; another error is thrown', async () => {
  const report = await audit({ replay: () => replayOf(truth, 10) })
  expect(report.decisions.map(({ sequence }) => sequence)).toEqual([10, 11])
  expect(report.decisions[0]!.steps.slice(4)).toEqual(
    (['data', 'features', 'model', 'strategy'] as const).map(step => ({
      step,
      result: 'different',
      detail: 'the replay stopped: Row 7 was changed.',
    })),
  )
  const replay = async function* (): AsyncIterable<ReplayedDecision> {
    yield* truth.slice(0, 1)
    throw new UnavailableError('The database is gone.', { hint: '' })
  }
  await expect(audit({ replay })).rejects.toThrow('The database is gone.')
})

test('without a replay its steps are skipped', async () => {
  const { steps, different } = await audit({ replay: () => null })
  expect(different).toBe(0)
  expect([steps.data.skipped, steps.features.skipped, steps.model.equal, steps.strategy.skipped]).toEqual([
    COUNT,
    COUNT,
    COUNT,
    COUNT,
  ])
})

test('a decision that the replay does not make was invented', async () => {
  const report = await audit({ replay: () => replayOf(truth.slice(0, COUNT - 1)) })
  expect(report.decisions).toEqual([
    {
      sequence: COUNT - 1,
      steps: expect.arrayContaining([
        { step: 'strategy', result: 'different', detail: 'the replay made no such decision' },
      ]),
    },
  ])
})

test('a decision of the same instant that the chain lacks was left out; later ones are only not made yet', async () => {
  const last = truth[COUNT - 1]!
  const extra = { ...last, decision: { ...last.decision, sequence: COUNT } }
  const report = await audit({
    replay: () => replayOf([...truth.slice(0, COUNT), extra, ...truth.slice(COUNT)]),
  })
  expect(report).toMatchObject({ checked: COUNT + 1, equal: COUNT, different: 1 })
  expect(report.decisions).toMatchObject(
    [{ sequence: COUNT, steps: [{ step: 'anchor', result: 'different' }] }].map(({ sequence }) => ({
      sequence,
    })),
  )
  expect(report.decisions[0]!.steps[0]).toEqual({
    step: 'anchor',
    result: 'different',
    detail: expect.stringMatching(
      /^the replay makes a decision of kind halt at \d+, and the chain holds none$/,
    ),
  })
})

test('a decision left out in the middle shows from there on', async () => {
  const shifted = [...truth.slice(0, 4), sampleExtra(), ...truth.slice(4)]
  const report = await audit({ replay: () => replayOf(shifted) })
  expect(report.decisions[0]!.sequence).toBe(4)
})
const sampleExtra = (): ReplayedDecision => ({
  decision: { ...truth[3]!.decision, sequence: 4 },
  dataRoot: truth[3]!.dataRoot,
})

test('a recorded decision that is not anchored differs at the anchor', async () => {
  const other = await bed.newAgent()
  await other.record(3)
  const worker = createAnchorWorker(other.options)
  await worker.flush()
  await worker.stop()
  await other.record(2)
  const report = await audit({ agent: other.signer.agent, decisions: other.store, replay: () => null })
  expect(report).toMatchObject({ checked: 5, equal: 3, different: 2, steps: { anchor: { different: 2 } } })
  expect(report.decisions[0]!.steps.slice(0, 4)).toEqual([
    { step: 'anchor', result: 'different', detail: 'the chain holds no decision 3, only those before 3' },
    { step: 'body', result: 'equal' },
    { step: 'proof', result: 'skipped', detail: 'not anchored' },
    { step: 'signature', result: 'equal' },
  ])
})

test('a decision that is anchored and not stored differs at the body', async () => {
  const decisions: DecisionStore = {
    ...agent.store,
    nextSequence: async () => COUNT - 1,
    list: async query => (await agent.store.list(query)).filter(({ sequence }) => sequence < COUNT - 1),
  }
  const report = await audit({ decisions })
  expect(report.decisions).toHaveLength(1)
  expect(report.decisions[0]!.steps[1]).toEqual({
    step: 'body',
    result: 'different',
    detail: 'the store has no such decision',
  })
})

test('one decision, or a range', async () => {
  expect(await audit({ sequences: 4 })).toMatchObject({ checked: 1, equal: 1 })
  expect(await audit({ sequences: { first: 4, last: 7 } })).toMatchObject({ checked: 4, equal: 4 })
  expect(
    await audit({ sequences: 8, replay: replayWith(8, () => ({ strategy: hashOf('1') })) }),
  ).toMatchObject({
    decisions: [{ sequence: 8 }],
  })
  await expect(audit({ sequences: COUNT })).rejects.toThrow(NotFoundError)
  await expect(audit({ sequences: { first: 3, last: 2 } })).rejects.toThrow(InvalidInputError)
})

test('refuses another log than the records are for', async () => {
  await expect(audit({ domain: { ...bed.domain, chainId: 1 } })).rejects.toThrow(InvalidInputError)
})

test('an agent that decided nothing has nothing to differ', async () => {
  const other = await bed.newAgent()
  expect(
    await audit({ agent: other.signer.agent, decisions: other.store, replay: () => replayOf([]) }),
  ).toMatchObject({ checked: 0, equal: 0, different: 0 })
})
