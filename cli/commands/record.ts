import type { Command } from 'commander'
import { recordLogs } from '../../chain-ingest/index.ts'
import { commandContext, wholeNumber } from '../commandContext.ts'

type RecordOptions = {
  rpc: string
  from: number
  to: number
  address: string[]
  out: string
  chainId?: number
}

/** Adds `touchstone record`. */
export function addRecordCommand(program: Command): void {
  program
    .command('record')
    .description('write the logs of contracts, with their block headers, to a recording')
    .requiredOption('--rpc <url>', 'node to read from (http, https, ws or wss)')
    .requiredOption('--from <block>', 'first block', wholeNumber('--from', 0))
    .requiredOption('--to <block>', 'last block, inclusive', wholeNumber('--to', 0))
    .requiredOption('--address <address...>', 'contracts to record')
    .requiredOption('--out <file>', 'recording to write (gzipped JSON lines)')
    .option('--chain-id <id>', 'refuse a node of another chain', wholeNumber('--chain-id', 1))
    .addHelpText(
      'after',
      `
Example:
  $ touchstone record --rpc https://rpc.plume.org --from 100000 --to 101000 \\
      --address 0xe72fe64840f4ef80e3ec73a1c749491b5c938cb9 --out ntbill.jsonl.gz`,
    )
    .action(async (options: RecordOptions, command: Command) => {
      const { terminal, signal } = commandContext(command)
      const { rpc, from, to, address, out, chainId } = options
      const bar = terminal.progress('record', Math.max(1, to - from + 1))
      try {
        const summary = await recordLogs({
          rpcUrl: rpc,
          fromBlock: from,
          toBlock: to,
          addresses: address,
          out,
          signal,
          onProgress: ({ block }) => bar.update(block - from + 1),
          ...(chainId === undefined ? {} : { expectedChainId: chainId }),
        })
        bar.stop()
        terminal.result(
          { ...summary, fromBlock: from, toBlock: to, file: out },
          `${summary.logs.toLocaleString('en-US')} logs and ${summary.headers.toLocaleString('en-US')} headers of chain ${summary.chainId}, blocks ${from} to ${to}, written to ${out}`,
        )
      } finally {
        bar.stop()
      }
    })
}
