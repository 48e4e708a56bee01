import fc from 'fast-check'
import { concat, encodeAbiParameters, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { canonicalJson, type DecisionRecord, type Hex, instrumentId } from '../core/index.ts'
import { createSigner, DECISION_TYPES, encodeOutput, hashRecord, typedRecord } from './index.ts'
import { recordSchema } from './recordSchema.ts'
import { anyRecord } from './test/anyRecord.ts'
import { KEYS, OUTPUTS, sampleRecord } from './test/sampleDecisions.ts'

const domain = { chainId: 1, verifyingContract: `0x${'12'.repeat(20)}` } as const
const agent = createSigner(KEYS[0]).agent

// Pinned: whoever changes the record's encoding changes what every signature and anchor means.
const GOLDEN = {
  signal: '0x7b884fb3c666883c8a5a3dff03f19e82256b86ee126a5ebf40646867c40032d8',
  order: '0x908894377756035491d7127fe20b67916fec8ab90af4458af4ca184d1472fb2d',
  fill: '0xf8ebcff218d6632b8666009b0cc5ca4c18b13137293411ea986876787dd09df7',
  halt: '0x0da406afd205f839add7aa7478a902245a907d8bfd04b74c8df4275800f4710f',
  modelChange: '0xd88cfecae163ce79cc9273a234186be534e7510ab5faeb2d2a4cf589de706d7b',
} as const

test.each(OUTPUTS.map(output => [output.kind, output] as const))('golden hash of a %s', (kind, output) => {
  expect(hashRecord(sampleRecord(agent, 1, output), domain)).toBe(GOLDEN[kind])
})

test('golden encodings of outputs', () => {
  expect(OUTPUTS.map(output => keccak256(encodeOutput(output)))).toMatchInlineSnapshot(`
    [
      "0x3de47279d1259fc52882754b75b6572bbff5cd42a4d153fd3691c60c6200e384",
      "0x30f26a3d271440139dc95166c19ed06ff4e319d6d9eac777d9590ad6963857ee",
      "0x2227d57f695f1bbb040674aac715c6f754c733495f98cb84d3c3b1db03f87f57",
      "0x060528c921b5879a0d5982a6dd269921b1da096f51936c2e4a83dc67c8db2b70",
      "0xf541f9096ea0a2a9301c05c6d07646c3263221e835aba68839de3bb432d5f370",
    ]
  `)
})

test('is the EIP-712 hash, computed by hand from the standard', () => {
  const record = sampleRecord(agent, 1)
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
      [record.attributions.map(a => a.feature), record.attributions.map(a => a.effectPpm)],
    ),
  )
  const struct = keccak256(
    concat([
      text(encodeType),
      word(record.agent),
      word(1),
      word(1),
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
})

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

test('a change of any single field changes the hash', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(anyRecord, anyRecord, (record, other) => {
      const hash = hashRecord(record, domain)
      for (const [path, changed] of singleChanges(record, other)) {
        expect([path, hashRecord(changed, domain)]).not.toEqual([path, hash])
        seen.add(path.replace(/\d+/g, '#'))
      }
    }),
    { numRuns: 150 },
  )
  expect([...seen].sort()).toMatchInlineSnapshot(`
    [
      "attributions.added",
      "attributions.removed",
      "fill:agent",
      "fill:attributions.#.effectPpm",
      "fill:attributions.#.feature",
      "fill:dataRoot",
      "fill:featureSet",
      "fill:features",
      "fill:instrument",
      "fill:model",
      "fill:observed.block",
      "fill:observed.logIndex",
      "fill:observed.source",
      "fill:output.feeE#",
      "fill:output.order",
      "fill:output.priceE#",
      "fill:output.pricedBy.block",
      "fill:output.pricedBy.logIndex",
      "fill:output.pricedBy.source",
      "fill:output.quantity",
      "fill:output.side",
      "fill:salt",
      "fill:sequence",
      "fill:strategy",
      "fill:timeMs",
      "halt:agent",
      "halt:attributions.#.effectPpm",
      "halt:attributions.#.feature",
      "halt:dataRoot",
      "halt:featureSet",
      "halt:features",
      "halt:instrument",
      "halt:model",
      "halt:observed.block",
      "halt:observed.logIndex",
      "halt:observed.source",
      "halt:output.limit",
      "halt:output.observed",
      "halt:output.reason",
      "halt:salt",
      "halt:sequence",
      "halt:strategy",
      "halt:timeMs",
      "modelChange:agent",
      "modelChange:attributions.#.effectPpm",
      "modelChange:attributions.#.feature",
      "modelChange:dataRoot",
      "modelChange:featureSet",
      "modelChange:features",
      "modelChange:instrument",
      "modelChange:model",
      "modelChange:observed.block",
      "modelChange:observed.logIndex",
      "modelChange:observed.source",
      "modelChange:output.from",
      "modelChange:output.to",
      "modelChange:salt",
      "modelChange:sequence",
      "modelChange:strategy",
      "modelChange:timeMs",
      "order:agent",
      "order:attributions.#.effectPpm",
      "order:attributions.#.feature",
      "order:dataRoot",
      "order:featureSet",
      "order:features",
      "order:instrument",
      "order:model",
      "order:observed.block",
      "order:observed.logIndex",
      "order:observed.source",
      "order:output.quantity",
      "order:output.referencePriceE#",
      "order:output.side",
      "order:salt",
      "order:sequence",
      "order:strategy",
      "order:timeMs",
      "signal:agent",
      "signal:attributions.#.effectPpm",
      "signal:attributions.#.feature",
      "signal:dataRoot",
      "signal:featureSet",
      "signal:features",
      "signal:instrument",
      "signal:model",
      "signal:observed.block",
      "signal:observed.logIndex",
      "signal:observed.source",
      "signal:output.confidence",
      "signal:output.direction",
      "signal:output.horizonMs",
      "signal:output.predictionBits",
      "signal:output.strength",
      "signal:salt",
      "signal:sequence",
      "signal:strategy",
      "signal:timeMs",
    ]
  `)
})

/** Every record that differs from the first in one leaf value, which is taken from the second or altered. */
function singleChanges(
  record: DecisionRecord,
  other: DecisionRecord,
): [path: string, record: DecisionRecord][] {
  const changes: [string, DecisionRecord][] = []
  const visit = (value: unknown, theirs: unknown, path: string[]): void => {
    if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value))
        visit(inner, theirs === null || typeof theirs !== 'object' ? undefined : Reflect.get(theirs, key), [
          ...path,
          key,
        ])
      return
    }
    for (const replacement of [theirs, ...altered(value)]) {
      const changed = recordSchema.safeParse(withValue(record, path, replacement))
      if (changed.success && canonicalJson(changed.data) !== canonicalJson(record))
        changes.push([`${record.output.kind}:${path.join('.')}`, changed.data])
    }
  }
  visit(record, other, [])
  const { attributions } = record
  const [first] = attributions
  if (first !== undefined)
    changes.push(
      ['attributions.removed', { ...record, attributions: attributions.slice(1) }],
      ['attributions.added', { ...record, attributions: [first, ...attributions] }],
    )
  return changes
}

function altered(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1, -value]
  if (typeof value === 'bigint') return [value + 1n, value - 1n, -value]
  if (value === null) return [0, 1]
  if (value === 'buy' || value === 'sell') return [value === 'buy' ? 'sell' : 'buy']
  if (typeof value === 'string' && value.startsWith('0x')) {
    const flipped = (at: number) =>
      `${value.slice(0, at)}${value[at] === '0' ? '1' : '0'}${value.slice(at + 1)}`
    return [flipped(2), flipped(value.length - 1), null, `${value}00000000`]
  }
  return [`${value}x`, null, 'position', 'reorg', instrumentId('oanda:EURUSD')]
}

function withValue(target: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value
  const copy: Record<string, unknown> | unknown[] = Array.isArray(target)
    ? [...target]
    : { ...(target as object) }
  Reflect.set(copy, key, withValue(Reflect.get(copy, key), rest, value))
  return copy
}
