import { canonicalJson, type Hash, sha256 } from '../../core/index.ts'
import type { FeatureMatrix } from './buildFeatureMatrix.ts'

/**
 * SHA-256 over a matrix: its canonical-JSON head (instrument, feature set, names, shape), then values, times
 * and prices as big-endian IEEE 754 with one NaN, so that it is the same on every machine.
 */
export function featureMatrixHash(matrix: Omit<FeatureMatrix, 'dataHash'>): Hash {
  const { instrument, featureSet, names, rows, columns, values, timesMs, prices } = matrix
  const head = Buffer.from(canonicalJson({ instrument, featureSet, names, rows, columns }))
  const bytes = Buffer.alloc(head.length + values.length * 4 + (timesMs.length + prices.length) * 8)
  head.copy(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = head.length
  for (const value of values) {
    if (Number.isNaN(value)) view.setUint32(offset, 0x7fc00000)
    else view.setFloat32(offset, value)
    offset += 4
  }
  for (const column of [timesMs, prices])
    for (const value of column) {
      if (Number.isNaN(value)) view.setUint32(offset, 0x7ff80000)
      else view.setFloat64(offset, value)
      offset += 8
    }
  return sha256(bytes)
}
