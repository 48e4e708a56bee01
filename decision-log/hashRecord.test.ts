import fc from 'fast-check'
import { concat, encodeAbiParameters, hashTypedData, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { omit } from 'zod/mini'
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
import { bytes } from './test/anyField.ts'
import { anyOutput } from './test/anyOutput.ts'
import { anyRecord } from './test/anyRecord.ts'
import { KEYS, OUTPUTS, sampleRecord, TERMS } from './test/sampleDecisions.ts'
import { singleChanges } from './test/singleChanges.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const
const agent = createSigner(KEYS[0]).agent

// Pinned: whoever changes the record's encoding changes what every signature and anchor means.
const GOLDEN = {
  signal: '0x8482799c6f8503983d0d1b84f529e2d8ee14957b370a2191cc7bd1a69fbc4654',
  order: '0xff0707373285a9f4b0f3d3ff5e071f5b9af41656e27e2603ec6b5e97bf9380c4',
  fill: '0xc08251f7069d95de96985f2dff3c2822ef110b2b2dd317f82f6314096b28265b',
  halt: '0x55d1cdf6ac96393ba1d1db927d1855b6763c55cb09d6d5e5923925e37dc796f5',
  modelChange: '0xf790c7efc3def3493ffe2ca111a29c2312ad98adb0aa4cd0435c32fa0d671786',
  cancel: '0x6d4683229981a645e5a3de1962787e20d5baa34d8ce2666384305f0b930ab3e2',
  settlement: '0x0d50bad3aa0d094a5da7527f02dfb3012b8e60b786fa9c25b082e19caa6ceba8',
  adjustment: '0x728630e68685941cee036e49d68f9849da3ef8ccb4480dac8c6146f8a93ebaa4',
  outcome: '0x2c5721bf7d3b274ecbcbab01a458e48e8bbb3c753c56af9f6c8426b9eab6d998',
  valuation: '0x4778b73a4b7740ac9c29c66789c20e41b052c43468480ee981b516fab7f86dd4',
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
      'Decision(address agent,uint64 sequence,uint8 kind,string instrument,uint64 timeMs,string source,uint64 block,uint64 logIndex,bytes32 dataRoot,bytes32 featureSet,bytes features,bytes32 model,bytes32 strategy,bytes output,bytes32 explanationHash,uint64 revealAtMs,bytes32 salt)',
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
        word(record.revealAtMs),
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

test('it is what viem hashes of the typed data, for any record and domain', () => {
  fc.assert(
    fc.property(anyRecord, fc.nat(), bytes(20), (record, chainId, verifyingContract) => {
      for (const log of [domain, { chainId, verifyingContract }])
        expect(hashRecord(record, log)).toBe(hashTypedData(typedRecord(record, log)))
    }),
    { numRuns: 300 },
  )
})

test('a field of another size is refused, by name of its value', () => {
  for (const salt of ['0x12', `0x${'1'.repeat(63)}g`, `0x${'1'.repeat(66)}`] as const)
    expect(() => hashRecord({ ...sampleRecord(agent), salt }, domain)).toThrow(
      `${salt} is no value of 32 bytes.`,
    )
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
    const changes = singleChanges(omit(recordSchema, { output: true }), rest, others)
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
      "revealAtMs",
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
      "outcome:entryPriceE8",
      "outcome:entryPricedBy.block",
      "outcome:entryPricedBy.logIndex",
      "outcome:entryPricedBy.source",
      "outcome:exitPriceE8",
      "outcome:exitPricedBy.block",
      "outcome:exitPricedBy.logIndex",
      "outcome:exitPricedBy.source",
      "outcome:signal",
      "settlement:cashE8",
      "settlement:order",
      "settlement:quantity",
      "signal:confidence",
      "signal:direction",
      "signal:horizonMs",
      "signal:prediction.probabilityUp",
      "signal:prediction.score",
      "signal:strength",
      "valuation:asOfMs",
      "valuation:cashE8",
      "valuation:equityE8",
      "valuation:positions.0.decimals",
      "valuation:positions.0.instrument",
      "valuation:positions.0.priceE8",
      "valuation:positions.0.pricedBy.block",
      "valuation:positions.0.pricedBy.logIndex",
      "valuation:positions.0.pricedBy.source",
      "valuation:positions.0.quantity",
      "valuation:positions.1.decimals",
      "valuation:positions.1.instrument",
      "valuation:positions.1.priceE8",
      "valuation:positions.1.pricedBy.block",
      "valuation:positions.1.pricedBy.logIndex",
      "valuation:positions.1.pricedBy.source",
      "valuation:positions.1.quantity",
    ]
  `)
  fc.assert(fc.property(anyOutput, anyOutput, check), { numRuns: 150 })
})
