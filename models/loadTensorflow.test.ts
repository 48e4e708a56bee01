import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { chooseTensorflow, loadTensorflow } from './loadTensorflow.ts'

test('starts the WebAssembly backend when the native package is not installed', async () => {
  const asked: string[] = []
  const { tf, backend } = await chooseTensorflow(async name => {
    asked.push(name)
    throw new Error('not installed')
  })
  expect(asked).toEqual(['@tensorflow/tfjs-node'])
  expect([backend, tf.getBackend()]).toEqual(['wasm', 'wasm'])
  expect(tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0])).toBe(11)
})

test('leaves no crash handler on the process, and takes none away', async () => {
  // A fresh process has to start the module: here another test may have done so already.
  const script = `
    const own = () => {}
    process.on('uncaughtException', own)
    const { loadTensorflow } = await import(${JSON.stringify(new URL('./loadTensorflow.ts', import.meta.url).href)})
    await loadTensorflow()
    const kept = ['uncaughtException', 'unhandledRejection'].map(event => process.listeners(event))
    process.stdout.write(JSON.stringify([kept[0].length, kept[0][0] === own, kept[1].length]))
  `
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    script,
  ])
  expect(JSON.parse(stdout)).toEqual([1, true, 0])
})

test('takes the native package when it is there and works', async () => {
  const { tf } = await chooseTensorflow(() => Promise.reject(new Error('not installed')))
  const chosen: string[] = []
  const native = { ...tf, setBackend: async (name: string) => chosen.push(name) > 0 }
  expect(await chooseTensorflow(async () => native)).toEqual({ tf: native, backend: 'tensorflow' })
  expect(chosen).toEqual(['tensorflow'])
})

test.each([
  ['is something else', {}],
  ['does not start', { setBackend: async () => false, variable: 0, matMul: 0, train: 0, tidy: 0 }],
])('falls back when the native package %s', async (_, module) => {
  expect((await chooseTensorflow(async () => module)).backend).toBe('wasm')
})

test('loads once', () => expect(loadTensorflow()).toBe(loadTensorflow()))
