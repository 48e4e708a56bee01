import type { Worker, WorkerOptions } from 'node:worker_threads'
import { builtinModule } from './builtinModule.ts'

/**
 * What starts a thread on a module beside the one that asks, from source as from `dist`.
 *
 * @param beside `import.meta.url` of the module that asks.
 * @param name Name of the thread's file, without its ending.
 */
export function threadFile<Data>(
  beside: string,
  name: string,
  workerData: Data,
  limits: Pick<WorkerOptions, 'resourceLimits'> = {},
): ConstructorParameters<typeof Worker> {
  // The environment is passed on as it is, with one word to ws: where a native helper is installed it would load that, which
  // aborts the whole process when its thread is ended meanwhile, as one is whose work is done before it could begin.
  const env = { ...builtinModule('node:process').env, WS_NO_BUFFER_UTIL: '1' }
  const options = { ...limits, workerData, env, execArgv: [] }
  if (!beside.endsWith('.ts')) return [new URL(`./${name}.js`, beside), options]
  // From source, in development: a thread of Node 20 reads TypeScript only through what it registers by itself.
  const { createRequire } = builtinModule('node:module')
  const { pathToFileURL } = builtinModule('node:url')
  const api = pathToFileURL(createRequire(beside).resolve('tsx/esm/api')).href
  const { href } = new URL(`./${name}.ts`, beside)
  const start = `import('${api}').then(({ register }) => { register(); return import('${href}') })`
  return [start, { ...options, eval: true }]
}
