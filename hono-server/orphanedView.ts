// Not from 'zod': only schemas made after this import have the `openapi` that the routes call on them.
import { z } from '@hono/zod-openapi'
import { formatInstant, type Withdrawal } from '../core/index.ts'

/** The reorg that took away what a decision was made from. */
export const orphanedSchema = z
  .object({
    source: z.string().openapi({ example: 'eip155:98866' }),
    forkBlock: z.number().int().openapi({ description: 'Last block that stayed.' }),
    throughBlock: z.number().int().openapi({ description: 'Last block that was replaced.' }),
    withdrawnAtMs: z.number().int().openapi({ description: 'When agents saw it, UTC milliseconds.' }),
    withdrawnAt: z.string().openapi({ example: '2024-01-05T12:00:00Z' }),
  })
  .openapi('Orphaned')

export type OrphanedView = z.infer<typeof orphanedSchema>

/** Shows a withdrawal to readers of a decision. */
export function viewOrphaned({ source, forkBlock, throughBlock, visibleAt }: Withdrawal): OrphanedView {
  return { source, forkBlock, throughBlock, withdrawnAtMs: visibleAt, withdrawnAt: formatInstant(visibleAt) }
}
