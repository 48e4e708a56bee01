import { styleText } from 'node:util'
import cliProgress from 'cli-progress'

/** How fast work goes. */
export type Pace = { readonly rate: string; readonly leftMs: number | null }

/** A bar for work that takes a while; draws on standard error, and only on a terminal. */
export type Progress = {
  /** @param pace How fast it goes, where the work itself knows better than its steps. */
  update(done: number, total?: number, pace?: Pace): void
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
          format: `  ${label} {bar} {percentage}% {value}/{total} {rate}, {left} left`,
          hideCursor: true,
          clearOnComplete: true,
          barsize: 30,
        },
        cliProgress.Presets.shades_classic,
      )
      const startedMs = performance.now()
      bar.start(Math.max(total, 1), 0, { rate: '–', left: '–' })
      return {
        update(done, newTotal, pace) {
          const end = Math.max(newTotal ?? bar.getTotal(), 1)
          bar.setTotal(end)
          const perMs = done / Math.max(1, performance.now() - startedMs)
          const leftMs = pace === undefined ? (end - done) / perMs : pace.leftMs
          bar.update(done, {
            rate: pace?.rate ?? `${Math.round(perMs * 1_000).toLocaleString('en-US')}/s`,
            left: leftMs === null || !Number.isFinite(leftMs) ? '–' : durationText(leftMs),
          })
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

/** `95 s` below two minutes, then `12 min`, then `3.4 h`. */
function durationText(ms: number): string {
  if (ms < 120_000) return `${Math.ceil(ms / 1_000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}

/** Writes a result as JSON: integers beyond a double become decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'bigint' ? field.toString() : field,
  )
}
