import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

/** The command line as it ships; `npm test` builds it first. */
export const CLI = resolve(import.meta.dirname, '..', 'dist', 'cli', 'main.js')

/** What a finished command left. */
export type CliResult = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** A command under way, with what it has printed so far. */
export type RunningCli = {
  readonly child: ChildProcess
  readonly output: { stdout: string; stderr: string }
  readonly done: Promise<CliResult>
}

/** Starts a touchstone command as a user would. */
export function startCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCli {
  const { DATABASE_URL: _database, TOUCHSTONE_DIR: _directory, ...inherited } = process.env
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
  })
  const done = new Promise<CliResult>(finish => child.on('close', status => finish({ status, ...output })))
  return { child, output, done }
}

/** Runs a touchstone command to its end. */
export function runCli(
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<CliResult> {
  return startCli(args, environment).done
}
