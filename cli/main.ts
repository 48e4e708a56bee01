#!/usr/bin/env node
import { CommanderError } from 'commander'
import { TouchstoneError } from '../core/index.ts'
import { createProgram } from './program.ts'
import { toJson } from './terminal.ts'

/** Exit status of a defect of ours: anything that is not a TouchstoneError. */
const EXIT_DEFECT = 70

const verbose = process.argv.includes('--verbose')

// A reader that has seen enough, as `head` has, is no defect.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

function report(error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof TouchstoneError) {
    if (process.argv.includes('--json'))
      process.stderr.write(
        `${toJson({ error: { name: error.name, message: error.message, hint: error.hint, retryable: error.retryable, facts: error.facts } })}\n`,
      )
    else process.stderr.write(`error: ${error.message}\n       ${error.hint}\n`)
    if (verbose) process.stderr.write(`${error.stack}\n`)
    return error.exitCode
  }
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    `error: ${message}\n       This is a defect of touchstone; run again with --verbose and report it.\n`,
  )
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return EXIT_DEFECT
}
