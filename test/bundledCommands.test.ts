import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import * as core from '../core/index.ts'
import { CLI } from './runCli.ts'
import { runModule } from './runModule.ts'

// The command line as `npm run build` bundles it.

const ROOT = resolve(import.meta.dirname, '..')
const STAGES = [
  'chain-ingest',
  'feature-store',
  'models',
  'decision-log',
  'execution',
  'backtest',
  'hono-server',
  'cli',
]

test('names its errors as the sources do: a name is what a reader and a script tell them by', async () => {
  const bundled: typeof core = await import(resolve(dirname(CLI), '..', 'bundled', 'core', 'index.js'))
  const errors = Object.entries(bundled).filter(([name]) => name.endsWith('Error'))
  expect(errors.length).toBeGreaterThan(5)
  expect(errors.length).toBe(Object.keys(core).filter(name => name.endsWith('Error')).length)
  for (const [name, value] of errors) if (/^[A-Z]/.test(name)) expect(value).toHaveProperty('name', name)
})

test('holds every thread that a module starts, beside that module', () => {
  const started = STAGES.flatMap(stage =>
    readdirSync(join(ROOT, stage), { recursive: true, encoding: 'utf8' }).map(file => join(stage, file)),
  )
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(file => {
      const text = readFileSync(join(ROOT, file), 'utf8')
      const names = [...text.matchAll(/threadFile\b[^(]*\(\s*import\.meta\.url,\s*'(\w+)'/g)].map(
        ([, name]) => `${name}.js`,
      )
      return names.map(name => join(dirname(file), name))
    })
  expect(started.length).toBeGreaterThanOrEqual(6)
  for (const thread of new Set([...started, 'cli/sweepEvaluator.js']))
    expect(existsSync(join(ROOT, 'dist', 'bundled', thread)), thread).toBe(true)
})

test('loads few files, and says under what licences those of others are', async () => {
  const count = `
    import { register } from 'node:module'
    import { MessageChannel } from 'node:worker_threads'
    const { port1, port2 } = new MessageChannel()
    const loaded = []
    port1.on('message', url => loaded.push(url)).unref()
    const hook = 'let port; export const initialize = given => { port = given };' +
      'export const load = (url, context, next) => { port.postMessage(url); return next(url, context) }'
    register('data:text/javascript,' + encodeURIComponent(hook), { data: port2, transferList: [port2] })
    process.argv.splice(1, 9, 'touchstone', '--version')
    process.on('exit', () => console.log('\\n' + loaded.length))
    await import(${JSON.stringify(CLI)})
    await new Promise(resolve => setTimeout(resolve, 200))`
  const lines: string[] = []
  const { lines: printed, ended } = runModule(count)
  for await (const line of printed) lines.push(line)
  expect((await ended).status).toBe(0)
  expect(Number(lines.at(-1))).toBeGreaterThan(20)
  expect(Number(lines.at(-1))).toBeLessThan(150)
  const licences = await readFile(resolve(dirname(CLI), '..', 'bundled', 'LICENSES.txt'), 'utf8')
  for (const name of ['viem', 'zod', 'hono'])
    expect(licences).toMatch(new RegExp(`^${name} \\d.*\\(MIT\\)$`, 'm'))
})
