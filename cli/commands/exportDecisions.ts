import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { InvalidInputError, NotFoundError, toError } from '../../core/index.ts'
import { commandContext } from '../commandContext.ts'
import { systemClock } from '../systemClock.ts'
import { storedDecisions } from '../trackRecord.ts'
import { type Workspace, withWorkspace } from '../workspace.ts'

/** Adds `touchstone export decisions`. */
export function addExportDecisions(group: Command): void {
  group
    .command('decisions')
    .description(
      'the decisions of an agent with their signatures, one JSON object on a line, for `track-record`; those under embargo sealed',
    )
    .argument('<agent>', 'agent that has run (name or address)')
    .requiredOption('--out <file>', 'file to write')
    .action(async (agent: string, { out }: { out: string }, command: Command) => {
      const context = commandContext(command)
      const decisions = await withWorkspace(context, workspace => exportDecisions(workspace, agent, out))
      context.terminal.result(
        { agent, decisions, file: out },
        `${decisions.toLocaleString('en-US')} decisions of ${agent} written to ${out}`,
      )
    })
}

/** Writes them whole or not at all. */
async function exportDecisions({ store }: Workspace, nameOrId: string, out: string): Promise<number> {
  const agent = await store.agents.find(nameOrId.startsWith('0x') ? nameOrId.toLowerCase() : nameOrId)
  if (agent === null)
    throw new NotFoundError(`There is no agent "${nameOrId}" that has run in this project.`, {
      facts: { agent: nameOrId },
      hint: 'List them: touchstone agents.',
    })
  let count = 0
  async function* lines(id: typeof agent & object): AsyncGenerator<string> {
    for await (const decision of storedDecisions(store.decisions, id.id, systemClock())) {
      count++
      yield `${JSON.stringify(decision)}\n`
    }
  }
  const partial = `${out}.${process.pid}.partial`
  try {
    await pipeline(Readable.from(lines(agent)), createWriteStream(partial))
    await rename(partial, out)
    return count
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new InvalidInputError(`${out} cannot be written: ${toError(error).message}`, {
      facts: { file: out },
      hint: 'Name a file in a folder that exists, on a disk with room.',
      cause: error,
    })
  }
}
