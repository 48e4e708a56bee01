import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AgentDefinition } from '../agents/index.ts'
import { canonicalJson, floorDivide, unixMs } from '../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../decision-log/index.ts'
import { createKernel, currentEquity, portfolioOf, replayDecisions, runLive } from './index.ts'
import { chargedIssuers, FUND, issuerAgent, issuerStreams } from './test/issuerMarket.ts'
import {
  asDecisionStore,
  collect,
  memoryDecisions,
  storedObservations,
  streamOf,
} from './test/memoryStore.ts'
import { ofKind, runKernel } from './test/runKernel.ts'
import { START_MS } from './test/syntheticMarket.ts'

// The first well-known key of every local test chain.
const signer = createSigner('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const
const optionsOf = (definition: AgentDefinition) => ({
  agent: signer.agent,
  definition,
  inference: null,
  activeFromMs: unixMs(START_MS - 1),
})
const agents = [
  ['without fees', optionsOf(issuerAgent())],
  [
    'with fees, parts and a queue that others share',
    optionsOf(issuerAgent({ issuers: chargedIssuers(2_000) })),
  ],
] as const

describe.each(agents)('an agent of issuers %s', (_, options) => {
  test('asks, and is served, refused and paid', () => {
    const kinds = new Map<string, number>()
    fc.assert(
      fc.property(issuerStreams(), events => {
        for (const { output } of runKernel(options, events)) {
          const key = output.kind === 'fill' ? `${output.outcome} ${output.reason}` : output.kind
          kinds.set(key, (kinds.get(key) ?? 0) + 1)
        }
      }),
      { seed: 20_261_121 },
    )
    for (const kind of [
      'filled null',
      'settlement',
      'adjustment',
      'cancel',
      'ended cancelled',
      'ended compliance',
    ])
      expect(kinds.get(kind) ?? 0, `${kind} of ${canonicalJson(Object.fromEntries(kinds))}`).toBeGreaterThan(
        10,
      )
    expect(kinds.get('halt')).toBeUndefined()
  })

  test('loses and finds nothing: holdings are what its decisions say', () => {
    const unit = 10n ** 6n
    fc.assert(
      fc.property(issuerStreams(), events => {
        let cash: bigint = options.definition.capitalE8
        const held = [0n, 0n]
        let leftOver = 0n
        runKernel(options, events, (kernel, _event, decisions) => {
          for (const { instrument, output } of decisions) {
            const market = instrument === FUND.id ? 0 : 1
            if (output.kind === 'adjustment') {
              cash += output.cashE8
              held[market]! += output.quantity
            }
            if (output.kind !== 'fill') continue
            const signed = output.side === 'buy' ? output.quantity : -output.quantity
            held[market]! += signed
            cash += floorDivide(-signed * output.priceE8, unit) - output.feeE8
            // What a subscription leaves over, less than a smallest share's price, stays with the fund.
            if (output.side === 'buy') leftOver += output.priceE8 / unit + 1n
          }
          const { holdings } = kernel.venue
          // What was priced when it was placed is told at the next event.
          if (kernel.venue.outcomes.length > 0) return
          expect([holdings.quantity(0), holdings.quantity(1)]).toEqual(held)
          expect(kernel.view.markets.map(({ quantity }) => quantity)).toEqual(held)
          expect(cash - holdings.cashE8).toBeGreaterThanOrEqual(0n)
          expect(cash - holdings.cashE8).toBeLessThanOrEqual(leftOver)
          expect(holdings.freeE8).toBeLessThanOrEqual(holdings.cashE8)
          // Of the one instrument that a market trades the value is rounded down and the margin up: one apart at most.
          expect(holdings.freeE8).toBeGreaterThanOrEqual(-1n)
          expect(Math.abs(holdings.cashNumber - Number(holdings.cashE8))).toBeLessThan(2)
          expect(portfolioOf(kernel).equityE8).toBe(currentEquity(kernel))
          expect(Math.abs(kernel.estimate.equityE8 - Number(currentEquity(kernel)))).toBeLessThan(3)
          for (const market of [0, 1]) expect(holdings.costE8(market)).toBeGreaterThanOrEqual(0n)
        })
      }),
    )
  })

  test('decides the same from the same events, and nothing from later ones', () => {
    fc.assert(
      fc.property(issuerStreams(), fc.nat(80), (events, cut) => {
        const all = runKernel(options, events)
        expect(canonicalJson(runKernel(options, events))).toBe(canonicalJson(all))
        const early = runKernel(options, events.slice(0, cut))
        expect(all.slice(0, early.length)).toEqual(early)
      }),
    )
  })

  test('prices nothing by what was not known, and each fund request by a NAV after its order', () => {
    fc.assert(
      fc.property(issuerStreams(), events => {
        const decisions = runKernel(options, events)
        for (const { instrument, output, observed, timeMs } of ofKind(decisions, 'fill')) {
          if (output.outcome !== 'filled' || output.order === null) continue
          const order = decisions[output.order]!
          if (order.output.kind !== 'order') throw new Error('The order of a fill is an order.')
          const { kind } = order.output.terms
          if (kind !== 'subscribe' && kind !== 'redeem') continue
          const nav = events[output.pricedBy.block]!
          expect(nav.value.type).toBe('nav')
          expect(nav.instrument).toBe(instrument)
          expect('navE8' in nav.value && nav.value.navE8).toBe(output.priceE8)
          expect(output.pricedBy.block).toBeLessThanOrEqual(observed.block)
          expect(nav.knownAt).toBeLessThanOrEqual(timeMs)
          if (instrument === FUND.id) expect(output.pricedBy.block).toBeGreaterThan(order.observed.block)
        }
      }),
    )
  })

  test('live, after crashes and in an audit: the same, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(issuerStreams(), fc.array(fc.nat(9), { maxLength: 4 }), async (events, crashes) => {
        const observations = storedObservations(events)
        const memory = memoryDecisions()
        for (const survived of [...crashes, Number.POSITIVE_INFINITY]) {
          let left = survived
          const recorder = createRecorder({ store: asDecisionStore(memory), signer, domain })
          await runLive({
            kernel: createKernel(options),
            recorder: {
              async record(decisions, dataRoot) {
                if (left-- <= 0) throw new PowerCut()
                return recorder.record(decisions, dataRoot)
              },
            },
            events: streamOf(observations),
            history: memory,
          }).catch(error => {
            if (!(error instanceof PowerCut)) throw error
          })
        }
        const bodies = memory.rows
          .map(({ body }) => parseBody(body))
          .map(({ revealAtMs: _, salt: __, ...record }) => record)
        const replayed = await collect(replayDecisions({ ...options, observations }))
        expect(canonicalJson(replayed.map(({ decision, dataRoot }) => ({ ...decision, dataRoot })))).toBe(
          canonicalJson(bodies),
        )
        expect(runKernel(options, events, undefined, true)).toEqual(
          bodies.map(({ dataRoot: _, ...decision }) => decision),
        )
      }),
      { numRuns: 40 },
    )
  })
})

class PowerCut extends Error {}
