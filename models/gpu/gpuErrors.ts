import { toError, UnavailableError } from '../../core/index.ts'

/** What a GPU did not give, as WebGPU names it. */
export class GpuRefusal extends UnavailableError {
  /** Whether it was memory that it did not have. */
  readonly outOfMemory: boolean

  constructor(message: string, outOfMemory: boolean) {
    super(`The GPU refused to train: ${message}`, {
      hint: outOfMemory
        ? 'Close what else uses the GPU, lower `batchSize`, or train on the CPU.'
        : 'Update the GPU’s driver, or train on the CPU.',
    })
    this.outOfMemory = outOfMemory
  }
}

/**
 * Does work on a device and fails with what the device finds wrong: WebGPU itself goes on as if nothing were.
 *
 * @throws GpuRefusal naming the first thing.
 */
export async function watched<T>(device: GPUDevice, work: () => T | Promise<T>): Promise<T> {
  const filters = ['internal', 'validation', 'out-of-memory'] as const
  for (const filter of filters) device.pushErrorScope(filter)
  let outcome: { readonly value: T } | { readonly thrown: unknown }
  try {
    outcome = { value: await work() }
  } catch (thrown) {
    outcome = { thrown }
  }
  const found: (readonly [string, GPUError | null])[] = []
  for (const filter of filters.toReversed()) found.push([filter, await device.popErrorScope()])
  for (const [filter, error] of found)
    if (error !== null) throw new GpuRefusal(error.message.trim(), filter === 'out-of-memory')
  if ('thrown' in outcome) throw outcome.thrown
  return outcome.value
}

/** What was thrown while reading back, as a refusal: a device that is lost rejects every read. */
export function lost(thrown: unknown): GpuRefusal {
  return new GpuRefusal(toError(thrown).message, false)
}
