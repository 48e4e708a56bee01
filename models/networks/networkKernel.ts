import { networkWasm } from '../kernels/generated/network.ts'
import { instantiateKernel, type Kernel } from '../kernels/instantiateKernel.ts'

/** What kernels/assembly/network.ts exports, described there. Addresses and offsets are bytes. */
export type NetworkKernelExports = {
  multiply(
    segments: number,
    taps: number,
    inputs: number,
    rows: number,
    panels: number,
    weights: number,
    biases: number,
    output: number,
  ): void
  addWeightGradient(
    pairs: number,
    count: number,
    rows: number,
    inputs: number,
    panels: number,
    gradient: number,
    panelBytes: number,
  ): void
  addBiasGradient(deltas: number, rows: number, panels: number, gradient: number): void
  relu(values: number, bytes: number): void
  add(left: number, right: number, sums: number, bytes: number): void
  reluGradient(gradient: number, outputs: number, result: number, bytes: number): void
  gather(
    matrix: number,
    columns: number,
    rows: number,
    count: number,
    back: number,
    means: number,
    deviations: number,
    limit: number,
    inputs: number,
    output: number,
  ): void
  adam(
    parameters: number,
    first: number,
    second: number,
    gradients: number,
    slotBytes: number,
    slots: number,
    from: number,
    to: number,
    scale: number,
    l2: number,
    rate: number,
    correction1: number,
    correction2: number,
  ): void
  transpose(
    weights: number,
    transposed: number,
    taps: number,
    inputs: number,
    outputs: number,
    from: number,
    to: number,
  ): void
}

export type NetworkKernel = Kernel<NetworkKernelExports>

/** Starts the kernel that trains networks over a memory. */
export function networkKernel(memory: WebAssembly.Memory): NetworkKernel {
  return instantiateKernel<NetworkKernelExports>(networkWasm, memory)
}
