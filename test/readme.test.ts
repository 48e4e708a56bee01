import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { createProgram } from '../cli/program.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...pagesIn('docs'),
  ...pagesIn('examples'),
]

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => `${folder}/${name}`)
}

test.each(PAGES)('every file that %s links to exists', page => {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(match => match[1] ?? '')
  for (const link of links)
    expect(existsSync(join(ROOT, dirname(page), link)), `${page} links to ${link}`).toBe(true)
})

test('docs/architecture.md links to a file of every stage', () => {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
  const links = [...text.matchAll(/\]\(\.\.\/([a-z-]+)\//g)].map(match => match[1])
  for (const stage of [
    'core',
    'chain-ingest',
    'feature-store',
    'models',
    'strategies',
    'agents',
    'contracts',
    'decision-log',
    'execution',
    'backtest',
    'hono-server',
    'cli',
  ])
    expect(links, stage).toContain(stage)
})

test('the README names every command, and only commands that exist', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const named = new Set([...text.matchAll(/(?:`|npx )touchstone ([a-z-]+)/g)].map(match => match[1]))
  const commands = createProgram().commands.map(command => command.name())
  for (const command of commands) expect([...named], command).toContain(command)
  for (const name of named) expect(commands, name).toContain(name)
})

test('the built command line is executable: npx runs it from a checkout only then', () => {
  expect(statSync(join(ROOT, 'dist/cli/main.js')).mode & 0o111).toBe(0o111)
})

test.each(createProgram().commands.map(command => [command.name(), command] as const))(
  '%s --help shows an example',
  (_name, command) => {
    let help = ''
    command.configureOutput({
      writeOut: text => {
        help += text
      },
    })
    command.outputHelp()
    expect(help).toMatch(/Examples?:\n\s+\$ touchstone/)
  },
)
