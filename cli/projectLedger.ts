import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openTrialLedger, type TrialLedger } from '../backtest/index.ts'
import { packageVersion } from './packageFolder.ts'

/** Every backtest and every sweep point of a project is counted here. */
const LEDGER_FILE = 'trials.jsonl'

/** Opens the ledger of a project's folder, which is made where there is none. */
export async function openProjectLedger(directory: string): Promise<TrialLedger> {
  await mkdir(directory, { recursive: true })
  return openTrialLedger(join(directory, LEDGER_FILE), { version: packageVersion() })
}
