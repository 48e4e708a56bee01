import { en } from 'zod/locales'
import * as z from 'zod/mini'
import type { DecisionRecord } from '../core/index.ts'
import { address, hash, instrument, int32, name, position, timeMs, uint64, vector } from './fieldSchemas.ts'
import { outputSchema } from './outputSchema.ts'

/** The form of every field of a record; fields that it does not name are refused. */
export const recordSchema = z.strictObject({
  agent: address,
  sequence: uint64,
  instrument,
  timeMs,
  observed: position,
  featureSet: hash,
  features: vector,
  model: hash,
  strategy: hash,
  output: outputSchema,
  attributions: z.array(z.strictObject({ feature: name, effect: int32 })),
  dataRoot: hash,
  revealAtMs: timeMs,
  salt: hash,
}) satisfies z.ZodMiniType<DecisionRecord>

/** What a fault of a value is called; zod/mini brings no words of its own. */
const { localeError } = en()

/** Checks the form of every field of a record. */
export function checkRecord(value: unknown) {
  return recordSchema.safeParse(value, { error: localeError })
}

/** The first fault of a failed check, as "field says what". */
export function firstFault(error: z.core.$ZodError): { field: string; fault: string } {
  const [issue] = error.issues
  return { field: issue?.path.join('.') || 'record', fault: issue?.message ?? 'is wrong' }
}
