import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Folder of recorded real data; tests that need it skip where it is absent. */
export const RECORDED_DATA = resolve(process.env['TOUCHSTONE_DATA'] ?? '../shared/data')

/** Path of a recorded file. */
export const recorded = (name: string): string => join(RECORDED_DATA, name)

/** True where the recorded data is at hand. */
export const hasRecordedData = existsSync(RECORDED_DATA)
