import { describe, expect, test } from 'vitest'
import type { Hash } from '../core/index.ts'
import { AUDIT_STEPS, type AuditReport } from '../decision-log/index.ts'
import { formatAudits } from './auditReport.ts'
import { openTerminal } from './terminal.ts'

const count = { equal: 30, different: 0, skipped: 0 }

const whole: AuditReport = {
  agent: `0x${'ab'.repeat(20)}`,
  checked: 30,
  equal: 30,
  different: 0,
  decisions: [],
  rootOnly: [],
  steps: Object.fromEntries(AUDIT_STEPS.map(step => [step, count])) as AuditReport['steps'],
}

function formatted(changes: Partial<AuditReport>, confidence?: number): string {
  const report = { ...whole, ...changes }
  return formatAudits(
    [{ name: 'gold', report, unreachable: [], orphaned: [] }],
    openTerminal(true),
    confidence,
  )
}
const printed = (rootOnly: AuditReport['rootOnly']) => formatted({ rootOnly })

test('batches whose root alone is on chain are named, and are no difference', () => {
  const note = printed([
    { firstSequence: 0, count: 4 },
    { firstSequence: 9, count: 1 },
  ])
  expect(note).toContain('all 30 equal')
  expect(note).toContain(
    'note: root only on chain, the leaves are in the store alone: decisions 0 to 3, 9 to 9',
  )
  expect(printed([])).not.toContain('root only')
})

test('of very many such batches the first are named', () => {
  const many = Array.from({ length: 13 }, (_, index) => ({ firstSequence: 2 * index, count: 2 }))
  expect(printed(many)).toContain('18 to 19 and 3 batches more (--json has all)')
})

describe('a sample', () => {
  const seed: Hash = `0x${'c4'.repeat(32)}`
  const sampled = (population: number, checked: number, different: number, confidence?: number) =>
    formatted({ sample: { population, seed }, checked, different, equal: checked - different }, confidence)

  test('says how it was drawn, and how many of all can be wrong at most', () => {
    // C(7, 5) / C(10, 5) = 8.3 % for three wrong ones, and 2.4 % for four: three are possible.
    const lines = sampled(10, 5, 0)
    expect(lines).toContain('5 decisions: all 5 equal')
    expect(lines).toContain(
      `5 of 10 drawn by ${seed}:\n    with 95 % confidence at most 3 of all (30 %) are wrong`,
    )
  })

  test('is less sure with more confidence asked for, and counts what it found', () => {
    expect(sampled(10, 5, 0, 0.9)).toContain('with 90 % confidence at most 2 of all (20 %) are wrong')
    // All are checked: what was found is all there is.
    expect(sampled(500, 500, 2, 0.999)).toContain('with 99.9 % confidence at most 2 of all (0.4 %) are wrong')
  })

  test('of an agent without decisions bounds nothing; without a sample there is no bound', () => {
    expect(sampled(0, 0, 0)).toContain('0 of 0 drawn')
    expect(sampled(0, 0, 0)).toContain('at most 0 of all (0 %) are wrong')
    expect(formatted({})).not.toContain('confidence')
  })
})
