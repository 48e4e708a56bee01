// Gives the compiler WebGPU's global types; erased from what is emitted, so the package stays optional.
import type {} from 'webgpu'
import type { Gpu } from './openGpu.ts'

/** A device, and the API that gave it: Dawn does not keep the one alive for the other. */
export type OpenDevice = { readonly device: GPUDevice; readonly api: unknown }

const DEVICES = new WeakMap<Gpu, OpenDevice>()

/** Remembers the device behind a GPU; kept out of `Gpu` so that its type needs no WebGPU types. */
export function registerDevice(gpu: Gpu, open: OpenDevice): void {
  DEVICES.set(gpu, open)
}

/** The device behind a GPU that `openGpu` opened. */
export function deviceOf(gpu: Gpu): GPUDevice {
  const device = DEVICES.get(gpu)?.device
  if (device === undefined) throw new TypeError('Not a GPU that openGpu() opened.')
  return device
}
