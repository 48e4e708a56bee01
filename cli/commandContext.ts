import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { InvalidInputError } from '../core/index.ts'
import { findConfig } from './config/loadConfig.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** What every command gets: where the project is, where to write, and when to stop. */
export type CommandContext = {
  readonly directory: string
  /** The `touchstone.config.ts` that holds here; null where there is none. */
  readonly configFile: string | null
  readonly environment: Environment
  readonly terminal: Terminal
  /** Ends the command in an orderly way: the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

/** A project's folder unless another is named: beside the configuration where there is one. */
const PROJECT_FOLDER = '.touchstone'

/** Reads the options that every command has. */
export function commandContext(command: Command): CommandContext {
  const options = command.optsWithGlobals<{ dir?: string; config?: string; json?: boolean }>()
  const environment = readEnvironment()
  const configFile = findConfig(process.cwd(), options.config ?? null)
  return {
    directory:
      options.dir ??
      environment.directory ??
      (configFile === null ? PROJECT_FOLDER : join(dirname(configFile), PROJECT_FOLDER)),
    configFile,
    environment,
    terminal: openTerminal(options.json ?? false),
    signal: interruption(),
  }
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    // A second one ends the process at once, as without this handler.
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    controller.abort(new InvalidInputError('Interrupted.', { hint: 'Run the command again to go on.' }))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

/** Reads an option that must be a whole number in a range. */
export function wholeNumber(name: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidInputError(`${name} is "${text}", which is no whole number from ${least} to ${most}.`, {
      facts: { name, text },
      hint: `Give ${name} as digits.`,
    })
  }
}
