import { z } from '@hono/zod-openapi'
import { formatInstant, type SealedBody } from '../core/index.ts'

/** What seals a decision, as the API shows it, before its reveal and after. */
export const sealedSchema = z
  .object({
    revealAtMs: z.number().int().openapi({ description: 'UTC milliseconds.' }),
    revealAt: z.string().openapi({ example: '2024-01-05T18:00:00Z' }),
    revealed: z.boolean().openapi({ description: 'Whether the time has come: then the rest is told.' }),
    keyHash: z.string().openapi({
      description: 'keccak256 of the key that is posted on the reveal log at that time.',
    }),
    ciphertext: z.string().openapi({ description: 'The body, sealed under that key.' }),
    signature: z
      .string()
      .openapi({ description: "The agent's signature of the envelope (EIP-712 `Sealed`)." }),
  })
  .openapi('Sealed')

/** Shows what seals a decision. */
export function viewSealed(
  { revealAtMs, keyHash, ciphertext, signature }: SealedBody,
  revealed: boolean,
): z.infer<typeof sealedSchema> {
  return { revealAtMs, revealAt: formatInstant(revealAtMs), revealed, keyHash, ciphertext, signature }
}
