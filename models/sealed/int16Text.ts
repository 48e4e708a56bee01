/** Writes int16 values as base64 of their big-endian bytes: the same text on every machine. */
export function int16ToText(values: Int16Array): string {
  const bytes = Buffer.alloc(values.length * 2)
  for (let place = 0; place < values.length; place++) bytes.writeInt16BE(values[place] ?? 0, place * 2)
  return bytes.toString('base64')
}

/** Reads what `int16ToText` wrote; null when the text is anything else. */
export function int16FromText(text: string): Int16Array | null {
  const bytes = Buffer.from(text, 'base64')
  // Buffer skips what is not base64, so only an exact way back proves the text.
  if (bytes.length % 2 !== 0 || bytes.toString('base64') !== text) return null
  return Int16Array.from({ length: bytes.length / 2 }, (_, place) => bytes.readInt16BE(place * 2))
}
