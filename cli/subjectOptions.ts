import type { Command } from 'commander'
import { parseInstant } from '../core/index.ts'
import type { BacktestAgentOptions } from './backtestAgent.ts'
import { modelHash } from './modelHash.ts'

/** Options that say what is run, over which part of which history. */
export type SubjectOptions = {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly model?: string | undefined
  readonly data?: string | undefined
  readonly set: readonly string[]
}

const FROM = 'decide only on what was known after this time (UTC)'

/** Adds the agent and the options of a command that runs it over history. */
export function addSubjectOptions(command: Command, about: { agent: string; from?: string }): Command {
  return command
    .argument('<agent>', `${about.agent}; with --data, a built-in one or the path of a module`)
    .option('--from <time>', about.from ?? FROM)
    .option('--to <time>', 'leave out what was known after this time (UTC)')
    .option('--model <hash>', 'model to use; the newest of its name by default')
    .option('--data <path>', 'run on a folder of recordings, or a file of bars, instead of a project')
    .option(
      '--set <name=value>',
      'set a parameter or setting of the agent; may be repeated',
      (pair: string, pairs: string[]) => [...pairs, pair],
      [],
    )
}

/**
 * Reads the options of `addSubjectOptions`, but for `--data`.
 *
 * @throws InvalidInputError for a time or a hash that is none.
 */
export function readSubjectOptions({ from, to, model, set }: SubjectOptions): BacktestAgentOptions {
  return {
    set,
    ...(from === undefined ? {} : { fromMs: parseInstant(from) }),
    ...(to === undefined ? {} : { toMs: parseInstant(to) }),
    ...(model === undefined ? {} : { model: modelHash(model) }),
  }
}
