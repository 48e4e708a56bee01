import { type UnixMs, unixMs } from '../core/index.ts'

/** The time of this machine; only the composition root reads it, and passes it on. */
export const systemClock = (): UnixMs => unixMs(Date.now())
