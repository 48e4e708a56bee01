import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** A Node process that runs a piece of code of a test's own. */
export type RunningModule = {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>
  /** The lines that it writes to its standard output, as they come. */
  readonly lines: AsyncIterable<string>
  /** Its exit status, or the signal that ended it, with what it wrote to its standard error. */
  readonly ended: Promise<{ readonly status: number | NodeJS.Signals; readonly errors: string }>
}

/** Runs an ES module, given as text, in a process of its own; it may import TypeScript by file URL. */
export function runModule(code: string): RunningModule {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
    cwd: `${import.meta.dirname}/..`,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<{ status: number | NodeJS.Signals; errors: string }>(resolve =>
    child.once('close', (code, signal) => resolve({ status: signal ?? code ?? -1, errors })),
  )
  return { process: child, lines: createInterface({ input: child.stdout }), ended }
}
