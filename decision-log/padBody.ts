/** Bodies that are encrypted come in multiples of this, so that their length does not tell a signal from a fill. */
export const SEALED_BLOCK_BYTES = 2_048

const PAD_START = 0x80

/** The UTF-8 of a body, padded by 0x80 and zeros (ISO/IEC 7816-4) to a multiple of 2,048 bytes. */
export function padBody(body: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(body)
  const blocks = Math.ceil((bytes.length + 1) / SEALED_BLOCK_BYTES)
  const padded = new Uint8Array(blocks * SEALED_BLOCK_BYTES)
  padded.set(bytes)
  padded[bytes.length] = PAD_START
  return padded
}

/** The body that was padded; null when the bytes are no padded UTF-8. */
export function unpadBody(bytes: Uint8Array): string | null {
  const end = bytes.lastIndexOf(PAD_START)
  if (end < 0 || bytes.subarray(end + 1).some(byte => byte !== 0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end))
  } catch {
    return null
  }
}
