import { z } from 'zod'
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
  salt: hash,
}) satisfies z.ZodType<DecisionRecord>

/** The first fault of a failed check, as "field says what". */
export function firstFault(error: z.ZodError): { field: string; fault: string } {
  const [issue] = error.issues
  return { field: issue?.path.join('.') || 'record', fault: issue?.message ?? 'is wrong' }
}
