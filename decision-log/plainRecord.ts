import type { DecisionRecord } from '../core/index.ts'
import { isAddress, isHash, isInstrument, isInt32, isName, isUint, isVector } from './fieldSchemas.ts'
import { outputSchema } from './outputSchema.ts'

type Check = (value: unknown) => boolean
type Checks<T> = { readonly [Field in keyof T]-?: Check }

const isWhole: Check = value => isUint(value)

const OBSERVED: Checks<DecisionRecord['observed']> = { source: isName, block: isWhole, logIndex: isWhole }
const ATTRIBUTION: Checks<DecisionRecord['attributions'][number]> = { feature: isName, effect: isInt32 }
const FIELDS: Checks<DecisionRecord> = {
  agent: isAddress,
  sequence: isWhole,
  instrument: isInstrument,
  timeMs: isWhole,
  observed: value => isPlain(value, OBSERVED),
  featureSet: isHash,
  features: isVector,
  model: isHash,
  strategy: isHash,
  // Its schema reads it.
  output: () => true,
  attributions: areAttributions,
  dataRoot: isHash,
  revealAtMs: isWhole,
  salt: isHash,
}

/**
 * The record as `recordSchema` reads it, where each field is of the record's own and has its form; null where the
 * schema is to say what is wrong. Takes a third of the schema's time.
 */
export function plainRecord(record: DecisionRecord): DecisionRecord | null {
  if (!isPlain(record, FIELDS)) return null
  const output = outputSchema.safeParse(record.output)
  return output.success ? { ...record, output: output.data } : null
}

// Not `every`, which passes over what an array leaves out.
function areAttributions(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  for (const each of value) if (!isPlain(each, ATTRIBUTION)) return false
  return true
}

/** Whether a value has the fields that are checked, each good, and no others. */
function isPlain(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  if (typeof value !== 'object' || value === null) return false
  let count = 0
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(checks, field) || checks[field]?.(Reflect.get(value, field)) !== true) return false
    count++
  }
  return count === Object.keys(checks).length
}
