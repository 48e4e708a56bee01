import { acceptUnsigned } from './acceptUnsigned.ts'
import type { Placement } from './decisionBuffer.ts'
import type { Kernel } from './kernel.ts'

/** Gives a venue what its agent has decided since the last step, unsigned: in backtests and audits. */
export function placeUnsigned({ placements, venue }: Kernel): void {
  for (let index = 0; index < placements.length; index++)
    venue.place(acceptUnsigned(placements[index] as Placement))
  // To set a length costs more than to take off the one that there is.
  while (placements.length > 0) placements.pop()
}
