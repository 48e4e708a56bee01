import { styleText } from 'node:util'
import cliProgress from 'cli-progress'

/** A bar for work that takes a while; draws on standard error, and only on a terminal. */
export type Progress = {
  update(done: number, total?: number): void
  stop(): void
}

/** Where a command writes. Results go to standard output; everything else never does under `--json`. */
export type Terminal = {
  readonly json: boolean
  /** A line for people: standard output, or standard error under `--json`. */
  say(line?: string): void
  /** A line that is no part of the result: standard error always. */
  note(line: string): void
  /** The result of the command: as text for people, or as one JSON object. */
  result(value: unknown, text: string): void
  progress(label: string, total: number): Progress
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
}

const QUIET: Progress = { update: () => undefined, stop: () => undefined }

/** Opens the terminal of this process. */
export function openTerminal(json: boolean): Terminal {
  const people = json ? process.stderr : process.stdout
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    people.isTTY ? styleText(format, text) : text
  return {
    json,
    say: (line = '') => void people.write(`${line}\n`),
    note: line => void process.stderr.write(`${line}\n`),
    result: (value, text) => void process.stdout.write(json ? `${toJson(value)}\n` : `${text}\n`),
    progress(label, total) {
      if (!process.stderr.isTTY) return QUIET
      const bar = new cliProgress.SingleBar(
        {
          stream: process.stderr,
          format: `  ${label} {bar} {percentage}% {value}/{total} {eta_formatted}`,
          hideCursor: true,
          clearOnComplete: true,
          barsize: 30,
        },
        cliProgress.Presets.shades_classic,
      )
      bar.start(Math.max(total, 1), 0)
      return {
        update(done, newTotal) {
          if (newTotal !== undefined) bar.setTotal(Math.max(newTotal, 1))
          bar.update(done)
        },
        stop: () => bar.stop(),
      }
    },
    bold: style('bold'),
    dim: style('dim'),
    good: style('green'),
    bad: style('red'),
  }
}

/** Writes a result as JSON: integers beyond a double become decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'bigint' ? field.toString() : field,
  )
}
