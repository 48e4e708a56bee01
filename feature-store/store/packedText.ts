/**
 * A text as bytes, its hexadecimal in binary: a source row of a chain is mostly hexadecimal, and half as long
 * this way. Any text comes back as it was.
 *
 * Bytes 0x01 to 0x03 are control bytes: 0x01 is followed by n in two bytes, most significant first, and n bytes,
 * which stand for `0x` and 2n lower-case digits; 0x02 by the number of a known text; 0x03 by a literal such byte.
 */
const HEX = 1
const KNOWN = 2
const LITERAL = 3
const MAX_CONTROL = 3

/** Shorter runs gain nothing; longer ones do not fit their length. */
const MIN_BYTES = 4
const MAX_BYTES = 0xffff

/** Most bytes that a text takes: three for a UTF-16 unit. */
export const packedSize = (text: string): number => 3 * text.length

/**
 * Writes a text at a place, and returns the place behind it. A piece of hexadecimal that is one of the known
 * texts (`0x…`, lower-case) takes two bytes.
 */
export function packText(text: string, target: Buffer, start: number, known: readonly string[] = []): number {
  let at = start
  let done = 0
  for (;;) {
    const found = text.indexOf('0x', done)
    if (found === -1) return writeLiteral(text, done, text.length, target, at)
    let end = found + 2
    while (isDigit(text.charCodeAt(end))) end++
    end -= (end - found) % 2
    const bytes = (end - found - 2) / 2
    if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
      // What follows a long run's first part is looked at again, as text.
      at = writeLiteral(text, done, Math.max(end, found + 2), target, at)
      done = Math.max(end, found + 2)
      continue
    }
    at = writeLiteral(text, done, found, target, at)
    const run = text.slice(found, end)
    const place = known.indexOf(run)
    if (place === -1) {
      target[at++] = HEX
      target[at++] = bytes >> 8
      target[at++] = bytes & 0xff
      at += target.write(run.slice(2), at, 'hex')
    } else {
      target[at++] = KNOWN
      target[at++] = place
    }
    done = end
  }
}

/** Reads what `packText` wrote with the same known texts. */
export function unpackText(bytes: Buffer, known: readonly string[] = []): string {
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
    } else text += byte === KNOWN ? (known[next] ?? '') : String.fromCharCode(next)
    done = at
  }
  return text + bytes.toString('utf8', done)
}

function writeLiteral(text: string, from: number, to: number, target: Buffer, start: number): number {
  let at = start
  let done = from
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index)
    if (code > MAX_CONTROL || code === 0) continue
    at += target.write(text.slice(done, index), at, 'utf8')
    target[at++] = LITERAL
    target[at++] = code
    done = index + 1
  }
  return done < to ? at + target.write(text.slice(done, to), at, 'utf8') : at
}

const isDigit = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102)
