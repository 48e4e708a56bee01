import { useKeccak } from './keccak.ts'

let loading: Promise<void> | null = null

/**
 * Loads keccak as WebAssembly, for whoever hashes much: the same hashes, in a tenth of the time of JavaScript's, which
 * serves until then and where this cannot be loaded. Apart from `keccak`, since browsers that verify do not need it.
 */
export async function loadFastKeccak(): Promise<void> {
  loading ??= load().catch(() => undefined)
  await loading
}

async function load(): Promise<void> {
  const { createKeccak } = await import('hash-wasm')
  const hasher = await createKeccak(256)
  useKeccak({
    hash: bytes => hasher.init().update(bytes).digest('binary'),
    after(before) {
      const state = hasher.init().update(before).save()
      return bytes => hasher.load(state).update(bytes).digest('binary')
    },
  })
}
