/** Writes binary32 values as base64 of their little-endian bytes: exact, and the same text on every machine. */
export function float32ToText(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4)
  for (let place = 0; place < values.length; place++) bytes.writeFloatLE(values[place] ?? 0, place * 4)
  return bytes.toString('base64')
}

/** Reads what `float32ToText` wrote; null when the text is anything else, or holds a value that is not finite. */
export function float32FromText(text: string): Float32Array | null {
  const bytes = Buffer.from(text, 'base64')
  // Buffer skips what is not base64, so only an exact way back proves the text.
  if (bytes.length % 4 !== 0 || bytes.toString('base64') !== text) return null
  const values = Float32Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(place * 4))
  return values.every(value => Number.isFinite(value)) ? values : null
}
