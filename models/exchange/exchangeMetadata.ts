import { z } from 'zod'
import { InvalidInputError } from '../../core/index.ts'
import { learnerSchema } from '../learner.ts'

/** Key of the metadata in which an exported file keeps what its graph does not say. */
export const METADATA_KEY = 'touchstone.model'

const schema = z.object({
  featureNames: z.array(z.string()),
  objective: z.enum(['direction', 'return']),
  targetScale: z.number(),
  targetCentre: z.number(),
  /** Of a network; how trees were trained is not kept. */
  learner: learnerSchema.optional(),
})

/** What an exported ONNX file says of its model beside the graph. */
export type ExchangeMetadata = z.infer<typeof schema>

/**
 * Reads what `toOnnx` wrote; null for a file of another origin.
 *
 * @throws InvalidInputError when the entry is there and malformed.
 */
export function exchangeMetadata(entries: ReadonlyMap<string, string>): ExchangeMetadata | null {
  const text = entries.get(METADATA_KEY)
  if (text === undefined) return null
  const checked = schema.safeParse(parsed(text))
  if (checked.success) return checked.data
  const field = checked.error.issues[0]?.path.join('.') ?? ''
  throw new InvalidInputError(`The ONNX model's metadata "${METADATA_KEY}" is malformed at "${field}".`, {
    facts: { field },
    hint: 'Export the model again, or take the entry out of the file.',
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
