import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { init } from 'talib-web'

/** What TA-Lib puts out: for each of its outputs a value for each input row, null before its first. */
export type TaLibOutputs = readonly (readonly (number | null)[])[]

type Module = {
  readonly HEAPF64: Float64Array
  readonly HEAP32: Int32Array
  _malloc(bytes: number): number
  _free(address: number): void
  ccall(name: string, returns: 'number', types: readonly string[], values: readonly number[]): number
}

/**
 * Loads TA-Lib, the C code in WebAssembly. Its functions are called directly: the package's own wrappers read one
 * row past the end, and do not say where the output begins.
 */
export async function loadTaLib() {
  const path = createRequire(import.meta.url).resolve('talib-web/lib/talib.wasm')
  const binary = readFileSync(path).toString('base64')
  const module: Module = await init(`data:application/wasm;base64,${binary}`)
  return (
    name: string,
    inputs: readonly (readonly number[])[],
    options: readonly number[],
    outputs: number,
  ): TaLibOutputs => call(module, `TA_${name}`, inputs, options, outputs)
}

/** Calls a function of TA-Lib over whole columns. */
export type TaLib = Awaited<ReturnType<typeof loadTaLib>>

function call(
  module: Module,
  name: string,
  inputs: readonly (readonly number[])[],
  options: readonly number[],
  outputs: number,
): TaLibOutputs {
  const rows = inputs[0]?.length ?? 0
  const columns = [...inputs.map(column => column), ...Array.from({ length: outputs }, () => null)]
  const addresses = columns.map(() => module._malloc(rows * 8))
  const begin = module._malloc(8)
  try {
    inputs.forEach((column, index) => {
      module.HEAPF64.set(column, (addresses[index] ?? 0) / 8)
    })
    const values = [
      0,
      rows - 1,
      ...addresses.slice(0, inputs.length),
      ...options,
      begin,
      begin + 4,
      ...addresses.slice(inputs.length),
    ]
    const status = module.ccall(name, 'number', Array(values.length).fill('number'), values)
    if (status !== 0) throw new Error(`${name} returned ${status}`)
    const first = module.HEAP32[begin / 4] ?? 0
    const count = module.HEAP32[begin / 4 + 1] ?? 0
    return addresses.slice(inputs.length).map(address => {
      const found = module.HEAPF64.slice(address / 8, address / 8 + count)
      return Array.from({ length: rows }, (_, row) =>
        row < first || row >= first + count ? null : (found[row - first] ?? null),
      )
    })
  } finally {
    for (const address of [...addresses, begin]) module._free(address)
  }
}
