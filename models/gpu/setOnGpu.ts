import { InvalidInputError } from '../../core/index.ts'
import type { TrainingSet } from '../fit.ts'
import type { Gpu } from './openGpu.ts'

/** A training set on the GPU; every member of every population reads the same one. */
export type SetOnGpu = {
  /** The matrix, `partRows` rows to each part, as its bits. */
  readonly parts: readonly GPUBuffer[]
  readonly partRows: number
  /** Target and weight by row. */
  readonly labels: GPUBuffer
  free(): void
}

/** Arrays of the matrix that a kernel can read beside its others. */
const MOST_PARTS = 5
/** Bytes handed over at once: what is handed over is copied on the way. */
const PIECE_BYTES = 2 ** 26

/**
 * Copies a training set to the GPU.
 *
 * @throws InvalidInputError when it is too large for the GPU's arrays.
 */
export function uploadSet(device: GPUDevice, gpu: Gpu, set: TrainingSet): SetOnGpu {
  const { values, columns, targets, weights } = set
  const rows = targets.length
  const partRows = Math.max(1, Math.min(rows, Math.floor(gpu.maxArrayBytes / (columns * 4))))
  const count = Math.ceil(rows / partRows)
  if (count > MOST_PARTS || rows * 8 > gpu.maxArrayBytes)
    throw new InvalidInputError(
      `A matrix of ${rows} rows by ${columns} features is too large for ${gpu.name}, whose arrays hold ${gpu.maxArrayBytes} bytes.`,
      {
        facts: { rows, columns, maxArrayBytes: gpu.maxArrayBytes },
        hint: 'Train on fewer rows or features, or on the CPU.',
      },
    )
  const parts = Array.from({ length: count }, (_, part) =>
    upload(device, values.subarray(part * partRows * columns, (part + 1) * partRows * columns)),
  )
  const pairs = new Float32Array(rows * 2)
  for (let row = 0; row < rows; row++) {
    pairs[2 * row] = targets[row] ?? Number.NaN
    pairs[2 * row + 1] = weights[row] ?? Number.NaN
  }
  const labels = upload(device, pairs)
  return {
    parts,
    partRows,
    labels,
    free: () => {
      for (const buffer of [...parts, labels]) buffer.destroy()
    },
  }
}

/** Makes an array on the GPU that holds the values. */
export function upload(device: GPUDevice, values: Float32Array | Uint32Array): GPUBuffer {
  const buffer = device.createBuffer({
    size: Math.max(4, values.byteLength),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  })
  write(device, buffer, 0, values)
  return buffer
}

/** Copies values into an array, from a place of it on. */
export function write(
  device: GPUDevice,
  buffer: GPUBuffer,
  place: number,
  values: Float32Array | Uint32Array,
): void {
  const bytes = values.buffer
  for (let at = 0; at < values.byteLength; at += PIECE_BYTES) {
    const size = Math.min(PIECE_BYTES, values.byteLength - at)
    device.queue.writeBuffer(buffer, place * 4 + at, bytes as ArrayBuffer, values.byteOffset + at, size)
  }
}
