import { DAY_MS } from '../core/index.ts'
import type { Kernel } from './kernel.ts'

/** Opens the UTC day of a time, at the prices and estimates before it. */
export function openDay(kernel: Kernel, knownAt: number): void {
  kernel.dayEndMs = (Math.floor(knownAt / DAY_MS) + 1) * DAY_MS
  kernel.risk.openDay()
}
