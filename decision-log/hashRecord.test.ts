import fc from 'fast-check'
import { concat, encodeAbiParameters, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import {
  canonicalJson,
  type DecisionOutput,
  type DecisionRecord,
  type Hex,
  priceE8,
  quantity,
} from '../core/index.ts'
import { createSigner, DECISION_TYPES, encodeOutput, hashRecord, typedRecord } from './index.ts'
import { outputSchema } from './outputSchema.ts'
import { recordSchema } from './recordSchema.ts'
import { anyOutput } from './test/anyOutput.ts'
import { anyRecord } from './test/anyRecord.ts'
import { KEYS, OUTPUTS, sampleRecord, TERMS } from './test/sampleDecisions.ts'
import { singleChanges } from './test/singleChanges.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const
const agent = createSigner(KEYS[0]).agent

// Pinned: whoever changes the record's encoding changes what every signature and anchor means.
const GOLDEN = {
  signal: '0xf832eb3867943d99a4902c4c5867ce4b2fb40e41dae7d27c6d03c7909790e16b',
  order: '0xb5e2114eacf2b640d1332175222d3c42162a8b267bd16355a39f84817d33b707',
  fill: '0xe8b52032da1f0e8e30b3bb158ba7959383cd589923d2b376440c7b0a4003ea0f',
  halt: '0x0da406afd205f839add7aa7478a902245a907d8bfd04b74c8df4275800f4710f',
  modelChange: '0x7741b7d2067024291e0d9dad6378f7f510d540bf2798fa36adcdb1087bbd7393',
  cancel: '0xffaef912208ad4525c25ce5ebf7d6527d32e09b3097f3bd08b9657a314addf77',
  settlement: '0x310e01a86167582aab92b765cfc664e565c5d5f1dfc2402be15fceb49a1d34f7',
  adjustment: '0x215a3ca6bba87df0afb8efec0162431c3760d7d33291f4bc2c513899c8d69ef7',
} as const

test.each(OUTPUTS.map(output => [output.kind, output] as const))('golden hash: %s', (kind, output) => {
  expect(hashRecord(sampleRecord(agent, 1, output), domain)).toBe(GOLDEN[kind])
})

test.each(OUTPUTS.map((output, kind) => [output.kind, kind, output] as const))(
  'of a %s it is the EIP-712 hash, computed by hand from the standard',
  (_, kind, output) => {
    const record = sampleRecord(agent, 1, output)
    const encodeType = `Decision(${DECISION_TYPES.Decision.map(({ type, name }) => `${type} ${name}`).join(',')})`
    expect(encodeType).toBe(
      'Decision(address agent,uint64 sequence,uint8 kind,string instrument,uint64 timeMs,string source,uint64 block,uint64 logIndex,bytes32 dataRoot,bytes32 featureSet,bytes features,bytes32 model,bytes32 strategy,bytes output,bytes32 explanationHash,bytes32 salt)',
    )
    const word = (value: number | string): Hex =>
      typeof value === 'number' ? toHex(value, { size: 32 }) : `0x${value.slice(2).padStart(64, '0')}`
    const text = (value: string): Hex => keccak256(toHex(value))
    const explanation = keccak256(
      encodeAbiParameters(
        [{ type: 'string[]' }, { type: 'int32[]' }],
        [record.attributions.map(a => a.feature), record.attributions.map(a => a.effect)],
      ),
    )
    const struct = keccak256(
      concat([
        text(encodeType),
        word(record.agent),
        word(1),
        word(kind),
        text(record.instrument),
        word(record.timeMs),
        text(record.observed.source),
        word(record.observed.block),
        word(record.observed.logIndex),
        record.dataRoot,
        record.featureSet,
        keccak256(record.features),
        record.model,
        record.strategy,
        keccak256(encodeOutput(record.output)),
        explanation,
        record.salt,
      ]),
    )
    const separator = keccak256(
      concat([
        text('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
        text('Touchstone'),
        text('1'),
        word(1),
        word(domain.verifyingContract),
      ]),
    )
    expect(hashRecord(record, domain)).toBe(keccak256(concat(['0x1901', separator, struct])))
  },
)

test('a wallet that signs the typed data makes the same signature', async () => {
  const record = sampleRecord(agent, 2)
  const signature = await privateKeyToAccount(KEYS[0]).signTypedData(typedRecord(record, domain))
  expect(await createSigner(KEYS[0]).sign(hashRecord(record, domain))).toBe(signature)
})

test('the domain is bound', () => {
  const record = sampleRecord(agent)
  const hashes = [
    hashRecord(record, domain),
    hashRecord(record, { ...domain, chainId: 2 }),
    hashRecord(record, { ...domain, verifyingContract: `0x${'13'.repeat(20)}` }),
  ]
  expect(new Set(hashes).size).toBe(3)
})

test('two records have the same hash only when they are the same', () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, (a, b) => {
      expect(hashRecord(a, domain) === hashRecord(b, domain)).toBe(canonicalJson(a) === canonicalJson(b))
    }),
    { numRuns: 100 },
  )
})

test('a change of any single field of a record changes the hash', () => {
  const seen = new Set<string>()
  const check = (record: DecisionRecord, other: DecisionRecord) => {
    const hash = hashRecord(record, domain)
    const { output, ...rest } = record
    const { output: _outputs, ...others } = other
    const changes = singleChanges(recordSchema.omit({ output: true }), rest, others)
    const twice = { ...rest, attributions: [...rest.attributions, ...rest.attributions] }
    const fewer = { ...rest, attributions: rest.attributions.slice(1) }
    if (rest.attributions.length > 0)
      changes.push(['attributions.added', twice], ['attributions.removed', fewer])
    for (const [path, changed] of changes) {
      expect([path, hashRecord({ ...changed, output }, domain)]).not.toEqual([path, hash])
      seen.add(path.replace(/\d+/g, '#'))
    }
  }
  check(sampleRecord(agent, 1), sampleRecord(createSigner(KEYS[1]).agent, 2))
  expect([...seen].sort()).toMatchInlineSnapshot(`
    [
      "agent",
      "attributions",
      "attributions.#",
      "attributions.#.effect",
      "attributions.#.feature",
      "attributions.added",
      "attributions.removed",
      "dataRoot",
      "featureSet",
      "features",
      "instrument",
      "model",
      "observed",
      "observed.block",
      "observed.logIndex",
      "observed.source",
      "salt",
      "sequence",
      "strategy",
      "timeMs",
    ]
  `)
  fc.assert(fc.property(anyRecord, anyRecord, check), { numRuns: 60 })
})

test('a change of any single field of an output, or of its kind, changes the hash', () => {
  const seen = new Set<string>()
  const check = (output: DecisionOutput, other: DecisionOutput) => {
    const hash = hashRecord(sampleRecord(agent, 1, output), domain)
    for (const [path, changed] of singleChanges(outputSchema, output, other)) {
      expect([path, hashRecord(sampleRecord(agent, 1, changed), domain)]).not.toEqual([path, hash])
      seen.add(`${output.kind}:${path}`)
    }
    if (canonicalJson(output) !== canonicalJson(other))
      expect(hashRecord(sampleRecord(agent, 1, other), domain)).not.toBe(hash)
  }
  const orders = TERMS.map(terms => ({ kind: 'order' as const, terms, referencePriceE8: priceE8(7n) }))
  const ends = OUTPUTS.filter(output => output.kind === 'fill').map(
    fill =>
      ({
        ...fill,
        outcome: 'ended',
        reason: 'margin',
        quantity: quantity(0n),
        priceE8: priceE8(0n),
      }) as const,
  )
  const changes = OUTPUTS.filter(output => output.kind === 'modelChange').map(
    output => ({ ...output, cause: 'admitted' }) as const,
  )
  const samples = [...OUTPUTS, ...orders, ...ends, ...changes]
  for (const output of samples) for (const other of samples) check(output, other)
  expect([...seen].sort()).toMatchInlineSnapshot(`
    [
      "adjustment:cashE8",
      "adjustment:quantity",
      "adjustment:reason",
      "cancel:order",
      "fill:cause",
      "fill:feeE8",
      "fill:order",
      "fill:priceE8",
      "fill:pricedBy.block",
      "fill:pricedBy.logIndex",
      "fill:pricedBy.source",
      "fill:quantity",
      "fill:reason",
      "fill:side",
      "halt:limit",
      "halt:observed",
      "halt:reason",
      "modelChange:cause",
      "modelChange:from",
      "modelChange:to",
      "order:referencePriceE8",
      "order:terms",
      "order:terms.amountE8",
      "order:terms.bracket",
      "order:terms.bracket.stopLoss",
      "order:terms.bracket.stopLoss.stopE8",
      "order:terms.bracket.stopLoss.trailE8",
      "order:terms.bracket.stopLoss.trailPpm",
      "order:terms.bracket.takeProfitE8",
      "order:terms.exclusive",
      "order:terms.goodTillMs",
      "order:terms.instantly",
      "order:terms.limitE8",
      "order:terms.lot",
      "order:terms.reduceOnly",
      "order:terms.shares",
      "order:terms.side",
      "order:terms.size",
      "order:terms.size.cashE8",
      "order:terms.size.equityPpm",
      "order:terms.size.units",
      "order:terms.stopE8",
      "order:terms.trailE8",
      "order:terms.trailPpm",
      "settlement:cashE8",
      "settlement:order",
      "settlement:quantity",
      "signal:confidence",
      "signal:direction",
      "signal:horizonMs",
      "signal:prediction.probabilityUp",
      "signal:prediction.score",
      "signal:strength",
    ]
  `)
  fc.assert(fc.property(anyOutput, anyOutput, check), { numRuns: 150 })
})
