import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { InvalidInputError } from '../../core/index.ts'
import { commandContext } from '../commandContext.ts'
import { starterFiles } from '../init/starterFiles.ts'
import { packageFolder, packageVersion } from '../packageFolder.ts'

/** Adds `touchstone init`. */
export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('write a starter project that runs: configuration, agent, data')
    .argument('[folder]', 'where to; here by default', '.')
    .addHelpText(
      'after',
      `
Example:
  $ touchstone init my-agent && cd my-agent
  $ touchstone ingest && touchstone backtest trend`,
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const { terminal } = commandContext(command)
      const root = resolve(folder)
      const files = starterFiles(packageName(root), { folder: packageFolder(), version: packageVersion() })
      const taken = [...files.keys()].filter(path => existsSync(join(root, path)))
      if (taken.length > 0)
        throw new InvalidInputError(`${root} holds ${taken.join(', ')} already; nothing was written.`, {
          facts: { folder: root, files: taken.join(', ') },
          hint: 'Name an empty folder: touchstone init my-agent',
        })
      for (const [path, text] of files) {
        await mkdir(dirname(join(root, path)), { recursive: true })
        await writeFile(join(root, path), text, { flag: 'wx' })
      }
      const enter = root === process.cwd() ? '' : `cd ${relative(process.cwd(), root)} && `
      terminal.result(
        { folder: root, files: [...files.keys()] },
        `${[...files.keys()].map(path => `  ${path}`).join('\n')}\nwritten to ${root}. Now:\n  ${enter}npx touchstone ingest && npx touchstone backtest trend`,
      )
    })
}

/** A name that npm takes, after the folder's. */
function packageName(root: string): string {
  return (
    basename(root)
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'touchstone-project'
  )
}
