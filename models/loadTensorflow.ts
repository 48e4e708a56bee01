import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import process from 'node:process'
import { UnavailableError } from '../core/index.ts'

/** TensorFlow.js, whichever package provides it. */
export type Tensorflow = typeof import('@tensorflow/tfjs')

/** TensorFlow.js with a backend chosen and ready. */
export type LoadedTensorflow = {
  readonly tf: Tensorflow
  /** `tensorflow` is the native library of @tensorflow/tfjs-node; `wasm` is WebAssembly, everywhere. */
  readonly backend: 'tensorflow' | 'wasm'
}

/** The optional native package. A variable, so that the compiler does not ask for it. */
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node'

let loaded: Promise<LoadedTensorflow> | undefined

/**
 * Loads TensorFlow.js once per process: the native @tensorflow/tfjs-node when it is installed and works,
 * otherwise the WebAssembly backend, whose binaries are read from the installed package. No network.
 *
 * @throws UnavailableError when the WebAssembly backend does not start.
 */
export function loadTensorflow(): Promise<LoadedTensorflow> {
  loaded ??= chooseTensorflow(name => import(name))
  return loaded
}

/** As `loadTensorflow`, with the import of the native package passed in and nothing kept. */
export async function chooseTensorflow(
  importPackage: (name: string) => Promise<unknown>,
): Promise<LoadedTensorflow> {
  const native = await importPackage(NATIVE_PACKAGE).then(
    module => (isTensorflow(module) ? module : null),
    // Not installed, or its native part does not fit this Node: WebAssembly always does.
    () => null,
  )
  if (native !== null && (await native.setBackend('tensorflow'))) return { tf: native, backend: 'tensorflow' }
  const tf = await import('@tensorflow/tfjs')
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(`${dirname(entry)}/`)
  const started = await withoutCrashHandlers(() => tf.setBackend('wasm').catch(() => false))
  if (!started)
    throw new UnavailableError('The WebAssembly backend of TensorFlow.js did not start.', {
      facts: { folder: dirname(entry) },
      hint: 'Reinstall the dependencies with `npm ci`; the .wasm files must lie beside the package.',
    })
  return { tf, backend: 'wasm' }
}

const CRASH_EVENTS = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Starts something and takes away the crash handlers that it left on the process. The WebAssembly module's
 * (Emscripten's) only throw again, which would turn every later crash into Node's exit code 7 and pass over
 * the application's own handling.
 */
async function withoutCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  const before = CRASH_EVENTS.map(event => new Set<unknown>(process.rawListeners(event)))
  const result = await start()
  for (const [place, event] of CRASH_EVENTS.entries())
    for (const listener of process.rawListeners(event))
      if (!before[place]?.has(listener) && isListener(listener)) process.removeListener(event, listener)
  return result
}

function isListener(value: unknown): value is (...args: unknown[]) => void {
  return typeof value === 'function'
}

function isTensorflow(module: unknown): module is Tensorflow {
  return (
    typeof module === 'object' &&
    module !== null &&
    ['setBackend', 'variable', 'matMul', 'train', 'tidy'].every(name => name in module)
  )
}
