/**
 * A text as bytes, its hexadecimal in binary: a source row of a chain is mostly hexadecimal, and half as long
 * this way. Any text comes back as it was.
 *
 * Bytes 0x01 to 0x03 are control bytes: 0x01 is followed by n in two bytes, most significant first, and n bytes,
 * which stand for `0x` and 2n lower-case digits; 0x02 by the number of a known piece; 0x03 by a literal such byte.
 */
const HEX = 1
const KNOWN = 2
const LITERAL = 3
const MAX_CONTROL = 3

/** Shorter runs gain nothing; longer ones do not fit their length. */
const MIN_BYTES = 4
const MAX_BYTES = 0xffff

const ZERO = 0x30
const X = 0x78

/** The value of each lower-case hexadecimal digit by its character code; 255 for any other. */
const DIGITS = new Uint8Array(256).fill(255)
for (let digit = 0; digit < 16; digit++) DIGITS[digit.toString(16).charCodeAt(0)] = digit

/** Most bytes that a text takes: three for a UTF-16 unit. */
export const packedSize = (text: string): number => 3 * text.length

let scratch = Buffer.alloc(4_096)

/**
 * Writes a text at a place, and returns the place behind it. Hexadecimal whose bytes are one of the known pieces
 * takes two bytes.
 */
export function packText(
  text: string,
  target: Uint8Array,
  start: number,
  known: readonly Uint8Array[] = [],
): number {
  if (scratch.length < packedSize(text)) scratch = Buffer.alloc(2 * packedSize(text))
  const source = scratch
  const length = source.write(text)
  let at = start
  for (let from = 0; from < length; ) {
    const byte = source[from] as number
    if (byte === ZERO && source[from + 1] === X) {
      const bytes = packRun(source, from + 2, length, target, at + 3)
      if (bytes >= MIN_BYTES && bytes <= MAX_BYTES) {
        const piece = knownPiece(target, at + 3, bytes, known)
        if (piece === -1) {
          target[at] = HEX
          target[at + 1] = bytes >> 8
          target[at + 2] = bytes & 0xff
          at += 3 + bytes
        } else {
          target[at] = KNOWN
          target[at + 1] = piece
          at += 2
        }
        from += 2 + 2 * bytes
        continue
      }
    } else if (byte <= MAX_CONTROL && byte !== 0) target[at++] = LITERAL
    target[at++] = byte
    from++
  }
  return at
}

/** Writes the bytes that pairs of digits stand for; returns how many there are, or more than may be. */
function packRun(source: Uint8Array, from: number, end: number, target: Uint8Array, start: number): number {
  let bytes = 0
  for (let at = from; at + 1 < end && bytes <= MAX_BYTES; at += 2) {
    const high = DIGITS[source[at] as number] as number
    const low = DIGITS[source[at + 1] as number] as number
    if ((high | low) > 15) break
    target[start + bytes++] = high * 16 + low
  }
  return bytes
}

function knownPiece(target: Uint8Array, start: number, bytes: number, known: readonly Uint8Array[]): number {
  for (let piece = 0; piece < known.length; piece++) {
    const wanted = known[piece] as Uint8Array
    if (wanted.length !== bytes) continue
    let same = 0
    while (same < bytes && wanted[same] === target[start + same]) same++
    if (same === bytes) return piece
  }
  return -1
}

/** Reads what `packText` wrote with the same known pieces. */
export function unpackText(bytes: Buffer, known: readonly Uint8Array[] = []): string {
  let text = ''
  let done = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    if (byte > MAX_CONTROL || byte === 0) {
      at++
      continue
    }
    text += bytes.toString('utf8', done, at)
    const next = bytes[at + 1] ?? 0
    at += 2
    if (byte === HEX) {
      const end = at + 1 + next * 256 + (bytes[at] ?? 0)
      text += `0x${bytes.toString('hex', at + 1, end)}`
      at = end
    } else
      text +=
        byte === KNOWN ? `0x${Buffer.from(known[next] ?? []).toString('hex')}` : String.fromCharCode(next)
    done = at
  }
  return text + bytes.toString('utf8', done)
}
