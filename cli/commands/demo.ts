import type { Command } from 'commander'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { runDemo } from '../demo/runDemo.ts'

/** Adds `touchstone demo`. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'walk the whole road once on a local chain: ingest, train, backtest, trade, anchor, audit, serve',
    )
    .option('--data <folder>', 'run on the recordings in a folder instead of a local market')
    .option('--exit', 'end after the summary instead of going on to serve')
    .option('--port <number>', 'port of the API; 0 takes a free one', wholeNumber('--port', 0, 65_535), 0)
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone demo                        deploy a local market, trade it, keep serving
  $ touchstone demo --exit --json          the same, and end with one JSON object
  $ touchstone demo --data recordings      run on recorded mainnet data`,
    )
    .action(async (options: { data?: string; exit?: boolean; port: number }, command: Command) => {
      await runDemo({
        ...commandContext(command),
        data: options.data ?? null,
        exit: options.exit ?? false,
        port: options.port,
      })
    })
}
