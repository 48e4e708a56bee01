import { DAY_MS } from '../core/index.ts'
import type { Kernel } from './kernel.ts'

/** Opens the UTC day of a time, at the prices and estimates before it. */
export function openDay(kernel: Kernel, knownAt: number): void {
  kernel.dayEndMs = dayEnd(knownAt)
  kernel.risk.openDay()
}

/** When the UTC day of a time ends. */
export const dayEnd = (timeMs: number): number => (Math.floor(timeMs / DAY_MS) + 1) * DAY_MS
