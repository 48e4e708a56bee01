import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'

/** TensorFlow.js on its WebAssembly backend, whose binaries are read from the installed package. */
export async function loadTensorflow(): Promise<{ readonly tf: typeof import('@tensorflow/tfjs') }> {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  setWasmPaths(`${folder}/`)
  if (!(await tf.setBackend('wasm')))
    throw new Error('the WebAssembly backend of TensorFlow.js did not start')
  return { tf }
}
