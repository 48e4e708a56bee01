import { expect, test } from 'vitest'
import type { AgentId } from './decision.ts'
import type { SealedBody } from './decisionRecord.ts'
import type { UnsequencedDecision } from './decisionStore.ts'
import type { Grant } from './embargoStore.ts'
import { freshAgent, freshInstrument, hashOf } from './freshNames.conformance.ts'
import { instrumentId } from './instrument.ts'
import type { Store } from './store.ts'
import { unixMs } from './time.ts'

/** What every `Store` promises about decisions that are kept back for a while. */
export function embargoTests(store: () => Store): void {
  test('what seals a decision is kept with it, beside decisions that are public at once', async () => {
    const agent = freshAgent()
    const given = [sealedAt(agent, 0, 5_000), open(agent, 1), sealedAt(agent, 2, 6_000)]
    const recorded = await store().decisions.append(given)
    expect(recorded.map(({ sealed }) => sealed?.revealAtMs)).toEqual([5_000, undefined, 6_000])
    expect(await store().decisions.list({ agent, limit: 9 })).toEqual(recorded)
    expect(await store().decisions.find(agent, 2)).toEqual(recorded[2])
    expect(await store().decisions.find(agent, 1)).toEqual(recorded[1])
  })

  test('what is sealed after a time matches every kind and instrument, what was revealed by then its own', async () => {
    const [agent, other] = [freshAgent(), freshAgent()]
    const [gold, silver] = [freshInstrument(), freshInstrument()]
    const recorded = await store().decisions.append([
      { ...sealedAt(agent, 0, 5_000), kind: 'fill', instrument: gold },
      { ...sealedAt(agent, 1, 6_000), kind: 'fill', instrument: silver },
      { ...open(agent, 2), kind: 'signal', instrument: gold },
      { ...open(agent, 3), kind: 'fill', instrument: gold },
      { ...sealedAt(other, 0, 9_000), kind: 'fill', instrument: gold },
    ])
    const sequences = async (query: object) =>
      (await store().decisions.list({ agent, limit: 9, ...query })).map(({ sequence }) => sequence)
    expect(await sequences({ kinds: ['signal'] })).toEqual([2])
    expect(await sequences({ kinds: ['signal'], sealedAfterMs: unixMs(4_999) })).toEqual([0, 1, 2])
    expect(await sequences({ kinds: ['signal'], sealedAfterMs: unixMs(5_000) })).toEqual([1, 2])
    expect(await sequences({ instruments: [gold], sealedAfterMs: unixMs(5_000) })).toEqual([0, 1, 2, 3])
    expect(await sequences({ kinds: ['signal'], instruments: [gold], sealedAfterMs: unixMs(6_000) })).toEqual(
      [2],
    )
    expect(
      await store().decisions.list({ instruments: [silver], sealedAfterMs: unixMs(8_999), limit: 9 }),
    ).toEqual([recorded[1], recorded[4]])
  })

  test('reveal times are listed once each, ascending, in a range that is open below', async () => {
    const [agent, other] = [freshAgent(), freshAgent()]
    await store().decisions.append([
      sealedAt(agent, 0, 6_000),
      sealedAt(agent, 1, 5_000),
      sealedAt(agent, 2, 5_000),
      open(agent, 3),
      sealedAt(agent, 4, 6_000, 2),
      sealedAt(agent, 5, 7_000),
      sealedAt(other, 0, 5_500),
    ])
    const times = async (after: number, through: number) =>
      (await store().embargo.revealTimes(agent, unixMs(after), unixMs(through))).map(
        ({ revealAtMs, keyHash }) => [revealAtMs, keyHash === hashOf(1) ? 1 : 2],
      )
    expect(await times(0, 10_000)).toEqual([
      [5_000, 1],
      [6_000, 1],
      [6_000, 2],
      [7_000, 1],
    ])
    expect(await times(5_000, 6_000)).toEqual([
      [6_000, 1],
      [6_000, 2],
    ])
    expect(await times(7_000, 10_000)).toEqual([])
    expect(await store().embargo.revealTimes(freshAgent(), unixMs(0), unixMs(10_000))).toEqual([])
  })

  test('a grant is found by its agent and by its key, and replaced by both', async () => {
    const [one, two] = [freshAgent(), freshAgent()].sort()
    if (one === undefined || two === undefined) throw new Error('two agents')
    const publicKey = hashOf(Number(one.slice(-6)))
    const grant: Grant = {
      agent: one,
      publicKey,
      fromMs: unixMs(1_704_412_800_000),
      untilMs: null,
      revokedAtMs: null,
      signature: `0x${'5a'.repeat(65)}`,
    }
    const second = { ...grant, agent: two, untilMs: unixMs(1_804_412_800_000) }
    for (const each of [second, grant]) await store().embargo.saveGrant(each)
    expect(await store().embargo.grants({ publicKey })).toEqual([grant, second])
    expect(await store().embargo.grants({ agent: two })).toEqual([second])
    const revoked = { ...grant, revokedAtMs: unixMs(1_704_412_800_001) }
    await store().embargo.saveGrant(revoked)
    expect(await store().embargo.grants({ publicKey })).toEqual([revoked, second])
    expect(await store().embargo.grants({ agent: freshAgent() })).toEqual([])
  })
}

function open(agent: AgentId, sequence: number): UnsequencedDecision {
  return {
    agent,
    sequence,
    kind: 'signal',
    instrument: instrumentId('test:GOLD'),
    timeMs: unixMs(1_000 + sequence),
    body: `{"sequence":${sequence}}`,
    leaf: hashOf(sequence),
    signature: `0x${'5a'.repeat(65)}`,
  }
}

function sealedAt(agent: AgentId, sequence: number, revealAtMs: number, key = 1): UnsequencedDecision {
  const sealed: SealedBody = {
    revealAtMs: unixMs(revealAtMs),
    keyHash: hashOf(key),
    ciphertext: `0x${'c1'.repeat(64)}`,
    signature: `0x${'e2'.repeat(65)}`,
  }
  return { ...open(agent, sequence), sealed }
}
