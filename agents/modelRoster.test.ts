import { describe, expect, test } from 'vitest'
import { type Hash, sha256, type UnixMs, unixMs, ZERO_HASH } from '../core/index.ts'
import type { Inference } from '../models/index.ts'
import { type DatedModel, ModelRoster } from './modelRoster.ts'

const model = (name: string): Inference => ({
  hash: sha256(name),
  horizonMs: 10,
  features: ['x'],
  steps: 1,
  predict: () => {
    throw new Error('not asked')
  },
  explain: () => [],
})
const [first, second, third] = ['first', 'second', 'third'].map(model) as [Inference, Inference, Inference]
const RULE = { minOutcomes: 2, minAdvantage: 0.01, minTStatistic: 0.5 }
const at = (fromMs: number, inference: Inference, cause: DatedModel['cause']): DatedModel => ({
  fromMs: unixMs(fromMs),
  inference,
  cause,
})
const ms = (time: number): UnixMs => unixMs(time)
const change = (cause: string, from: Hash, to: Hash) => ({ kind: 'modelChange', cause, from, to })

/** Lets the challenger be right twice, and the serving model wrong. */
function win(roster: ModelRoster): void {
  for (const price of [101, 102]) {
    roster.contest?.predict(0, 10, 100, price === 101 ? 200_000 : 300_000, 800_000)
    roster.contest?.settle(price)
  }
}

describe('the models of an agent', () => {
  test('change by their times, at the first instant that is not before', () => {
    const roster = new ModelRoster(first, null)
    roster.add(at(10, second, 'scheduled'))
    roster.add(at(20, third, 'scheduled'))
    roster.advance(ms(9))
    expect(roster.changes).toEqual([])
    roster.advance(ms(10))
    expect(roster.changes).toEqual([change('scheduled', first.hash, second.hash)])
    roster.changes.length = 0
    roster.advance(ms(35))
    expect(roster.changes).toEqual([change('scheduled', second.hash, third.hash)])
    expect(roster.models[roster.serving]).toBe(third)
  })

  test('are deployed as they stand when the agent starts', () => {
    const roster = new ModelRoster(first, RULE)
    expect(roster.deploy()).toEqual([change('deployed', ZERO_HASH, first.hash)])
    roster.add(at(10, second, 'scheduled'))
    roster.add(at(11, third, 'admitted'))
    roster.advance(ms(12))
    expect(roster.deploy()).toEqual([
      change('deployed', ZERO_HASH, second.hash),
      change('admitted', ZERO_HASH, third.hash),
    ])
    expect(new ModelRoster(null, null).deploy()).toEqual([])
  })

  test('are promoted by the rule, after which the old one challenges the new one', () => {
    const roster = new ModelRoster(first, RULE)
    roster.add(at(10, second, 'admitted'))
    roster.advance(ms(10))
    expect(roster.models[roster.serving]).toBe(first)
    win(roster)
    roster.advance(ms(20))
    expect(roster.changes).toEqual([
      change('admitted', ZERO_HASH, second.hash),
      change('promoted', first.hash, second.hash),
    ])
    expect(roster.models[roster.challenger]).toBe(first)
    expect(roster.contest?.standing().outcomes).toBe(0)
    roster.changes.length = 0
    win(roster)
    roster.advance(ms(30))
    expect(roster.changes).toEqual([change('promoted', second.hash, first.hash)])
    expect(roster.models).toEqual([first, second])
  })

  test('are judged by no rule where the definition has none', () => {
    const roster = new ModelRoster(first, null)
    roster.add(at(10, second, 'admitted'))
    roster.advance(ms(10))
    expect(roster.contest).toBeNull()
    expect(roster.challenger).toBe(1)
  })

  test('can be rolled back, which ends the contest', () => {
    const roster = new ModelRoster(first, RULE)
    roster.add(at(10, second, 'admitted'))
    roster.advance(ms(10))
    win(roster)
    roster.advance(ms(20))
    roster.add(at(25, first, 'rolledBack'))
    roster.advance(ms(25))
    expect(roster.changes.at(-1)).toEqual(change('rolledBack', second.hash, first.hash))
    expect([roster.challenger, roster.contest]).toEqual([-1, null])
  })

  test('can be rolled back to the one that serves, which ends the contest and is a change too', () => {
    const roster = new ModelRoster(first, RULE)
    roster.add(at(10, second, 'admitted'))
    roster.add(at(11, first, 'rolledBack'))
    roster.advance(ms(11))
    expect(roster.changes.at(-1)).toEqual(change('rolledBack', first.hash, first.hash))
    expect([roster.challenger, roster.contest]).toEqual([-1, null])
  })

  test('do not change to what is in force already', () => {
    const roster = new ModelRoster(first, RULE)
    for (const cause of ['admitted', 'scheduled', 'rolledBack'] as const) roster.add(at(10, first, cause))
    roster.add(at(11, second, 'admitted'))
    roster.advance(ms(11))
    const { contest } = roster
    roster.add(at(12, second, 'admitted'))
    roster.advance(ms(12))
    expect(roster.changes).toEqual([change('admitted', ZERO_HASH, second.hash)])
    expect(roster.contest).toBe(contest)
  })

  test('come in the order of time', () => {
    const roster = new ModelRoster(first, null)
    roster.add(at(10, second, 'scheduled'))
    expect(() => roster.add(at(9, third, 'scheduled'))).toThrow(`comes before ${second.hash}`)
  })
})
