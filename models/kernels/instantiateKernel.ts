/// <reference path="./webAssembly.d.ts" />
import { InvalidInputError } from '../../core/index.ts'

/** Bytes of a WebAssembly page. */
const PAGE_BYTES = 65_536
/** Pages that 32-bit addresses reach: 4 GiB. Every kernel is built to import a memory of this maximum. */
const MAXIMUM_PAGES = 65_536

/** A kernel's memory and what it exports. The memory may be handed to other threads. */
export type Kernel<Exports> = { readonly memory: WebAssembly.Memory; readonly exports: Exports }

/**
 * A shared memory of at least so many bytes, for kernels of one or several threads.
 *
 * @throws InvalidInputError when it is more than WebAssembly addresses.
 */
export function kernelMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES))
  if (pages > MAXIMUM_PAGES)
    throw new InvalidInputError(`${bytes} bytes are more than the 4 GiB that a kernel can address.`, {
      facts: { bytes },
      hint: 'Use fewer rows or features, or a smaller network.',
    })
  return new WebAssembly.Memory({ initial: pages, maximum: MAXIMUM_PAGES, shared: true })
}

/** Starts a kernel, given as `generated/` holds it, over a memory. `Exports` is what its source exports. */
export function instantiateKernel<Exports>(base64: string, memory: WebAssembly.Memory): Kernel<Exports> {
  const module = compiled.get(base64) ?? new WebAssembly.Module(Buffer.from(base64, 'base64'))
  compiled.set(base64, module)
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } })
  return { memory, exports: exports as Exports }
}

// Compiling takes milliseconds, and models of one kind share a kernel.
const compiled = new Map<string, WebAssembly.Module>()

function abort(): never {
  throw new Error('A kernel stopped where it cannot.')
}
