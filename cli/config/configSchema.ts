import { isAddress } from 'viem'
import { z } from 'zod'
import { type Address, type Instrument, instrumentId, parseInstant, toError } from '../../core/index.ts'
import { anchoring, barColumnsSchema, embargoSchema } from '../projectSchema.ts'
import type { TouchstoneConfig } from './touchstoneConfig.ts'

const list = <T>(item: z.ZodType<T>) => z.array(item).min(1).readonly()
const oneOrMore = (item: z.ZodType<string>) => z.union([item, list(item)])
const text = z.string().min(1)
const block = z.number().int().nonnegative()
const decimals = z.number().int().min(0).max(36)

const address = z.string().transform((value, context): Address => {
  if (!/^0x[0-9a-fA-F]{40}$/.test(value)) {
    context.addIssue({ code: 'custom', message: `"${value}" is no address of 40 hexadecimal digits` })
    return z.NEVER
  }
  // EIP-55: letters of both cases are a checksum.
  if (/[a-f]/.test(value) && /[A-F]/.test(value.slice(2)) && !isAddress(value)) {
    context.addIssue({
      code: 'custom',
      message: `${value} has a wrong checksum: a digit of the address is mistyped, or write it in lower case`,
    })
    return z.NEVER
  }
  return `0x${value.slice(2).toLowerCase()}`
})

/** Text that another function of ours must be able to read. */
const readable = (read: (value: string) => unknown) =>
  z.string().refine(
    value => {
      try {
        read(value)
        return true
      } catch {
        return false
      }
    },
    {
      error: issue => {
        try {
          read(String(issue.input))
          return 'is malformed'
        } catch (error) {
          return toError(error).message
        }
      },
    },
  )
const id = readable(instrumentId)
const instant = readable(parseInstant)

const instrumentFields = {
  id: id.optional(),
  kind: z.enum(['spot', 'navToken', 'vaultShare', 'index'] satisfies Instrument['kind'][]).optional(),
  symbol: text.optional(),
  decimals: decimals.optional(),
  quote: text.optional(),
}
const instrument = z.strictObject(instrumentFields)
const fileInstrument = z.strictObject({ ...instrumentFields, id })

const contract = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pool'),
    address,
    base: instrument.optional(),
    baseIsToken0: z.boolean().optional(),
    quoteToken: address.optional(),
    token0Decimals: decimals.optional(),
    token1Decimals: decimals.optional(),
  }),
  z.strictObject({
    kind: z.enum(['erc20', 'permissionedToken', 'distributor']),
    address,
    instrument: instrument.optional(),
  }),
  z.strictObject({
    kind: z.literal('vault'),
    address,
    instrument: instrument.optional(),
    assetDecimals: decimals.optional(),
  }),
  z.strictObject({
    kind: z.literal('asyncVault'),
    address,
    instrument: instrument.optional(),
    assetDecimals: decimals.optional(),
    pollBlocks: z.number().int().positive().nullable().optional(),
  }),
  z.strictObject({
    kind: z.literal('accountant'),
    address,
    instrument: instrument.optional(),
    rateDecimals: decimals.optional(),
  }),
  z.strictObject({
    kind: z.literal('oracle'),
    address,
    instrument: instrument.optional(),
    decimals: decimals.optional(),
  }),
  z.strictObject({
    kind: z.literal('events'),
    address,
    instrument: instrument.optional(),
    events: list(text),
  }),
])

const chain = z
  .strictObject({
    id: z.number().int().positive(),
    rpc: oneOrMore(text).optional(),
    recording: oneOrMore(text).optional(),
    anchor: z.strictObject({ block, time: instant, blockTimeMs: z.number().positive() }).optional(),
    contracts: list(contract),
    fromBlock: block.optional(),
    toBlock: block.optional(),
    confirmations: z.number().int().min(0).max(10_000).optional(),
    finality: z.union([z.number().int().nonnegative(), z.literal('finalized')]).optional(),
    finalityDelayMs: z.number().int().nonnegative().optional(),
    requestsPerSecond: z.number().positive().optional(),
  })
  .refine(({ rpc, recording }) => (rpc === undefined) !== (recording === undefined), {
    error: 'give either `rpc` or `recording`',
  })

const exchange = z.strictObject({
  exchange: text,
  symbol: text,
  streams: list(z.enum(['bars', 'trades', 'quotes'])).optional(),
  timeframe: text.optional(),
  since: instant,
  url: z.string().optional(),
  instrument: instrument.optional(),
})

const file = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('bars'),
    file: text,
    instrument: fileInstrument,
    periodMs: z.number().int().positive().optional(),
    time: z.enum(['open', 'close']).optional(),
    columns: barColumnsSchema.optional(),
    maxGapBars: z.number().int().nonnegative().optional(),
  }),
  z.strictObject({ kind: z.literal('nav'), file: text, symbol: text, instrument: fileInstrument }),
  z.strictObject({
    kind: z.literal('yields'),
    files: z.strictObject({ '1M': text, '3M': text, '1Y': text, '2Y': text, '10Y': text }),
  }),
])

const agent = z.strictObject({
  definition: text,
  instrument: text,
  observes: z.array(text).readonly().optional(),
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
  anchor: anchoring.anchor,
  embargo: embargoSchema.optional(),
})

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'a name is written in lower-case letters, digits and hyphens')
const named = <T>(item: z.ZodType<T>) => z.record(name, item).optional()

/** The form of a configuration; what the fields mean is checked where they are used. */
export const configSchema: z.ZodType<TouchstoneConfig> = z.strictObject({
  chains: named(chain),
  exchanges: named(exchange),
  files: named(file),
  agents: named(agent),
  log: z
    .strictObject({
      rpc: oneOrMore(text),
      chainId: z.number().int().positive(),
      contract: address,
      fromBlock: block.optional(),
      ...anchoring,
      reveals: z.strictObject({ contract: address, fromBlock: block.optional() }).optional(),
    })
    .optional(),
}) as unknown as z.ZodType<TouchstoneConfig>
