import type { Command } from 'commander'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { serveProject } from '../serveProject.ts'
import { withWorkspace } from '../workspace.ts'

/** Port of the API unless told otherwise. */
export const DEFAULT_PORT = 8_787

/** Adds `touchstone serve`. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve the API and the feed of a project without running its agents')
    .option('--port <number>', 'port; 0 takes a free one', wholeNumber('--port', 0, 65_535), DEFAULT_PORT)
    .option('--host <address>', 'address to bind to', '127.0.0.1')
    .addHelpText('after', '\nExample:\n  $ touchstone serve --port 8787')
    .action(async (options: { port: number; host: string }, command: Command) => {
      const context = commandContext(command)
      await withWorkspace(context, async workspace => {
        const served = await serveProject(workspace, options)
        try {
          context.terminal.result(
            { url: served.url, feed: served.wsUrl, chain: served.chain },
            `Serving ${served.url}\nfeed    ${served.wsUrl}\nchain   ${served.chain.rpcUrl}  log ${served.chain.contract}\nuntil Ctrl-C.`,
          )
          if (!context.signal.aborted)
            await new Promise(resolve => context.signal.addEventListener('abort', resolve, { once: true }))
        } finally {
          await served.close()
        }
      })
    })
}
