/** Writes the gas of the contracts' tests to `.gas-snapshot`: `npx tsx contracts/script/snapshot.ts`. */
import { runForge, SNAPSHOT_ARGUMENTS } from './forge.ts'

const { status, output } = await runForge(SNAPSHOT_ARGUMENTS)
console.log(output)
process.exitCode = status
