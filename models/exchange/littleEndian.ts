/** Binary32 values as the little-endian bytes that model files have, whatever the machine's own order is. */
export function float32ToBytes(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  for (let place = 0; place < values.length; place++) view.setFloat32(place * 4, values[place] ?? 0, true)
  return new Uint8Array(view.buffer)
}

/** The inverse of `float32ToBytes`; takes whole numbers of four bytes. */
export function float32FromBytes(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.length / 4 }, (_, place) => view.getFloat32(place * 4, true))
}
