// PostgreSQL 18, COPY, "Binary Format": signature, flags, length of the header's extension.
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TRAILER = Buffer.from([0xff, 0xff])

/** What a binary COPY reads: runs of rows between a header and a trailer. */
export function* copyFile(runs: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield HEADER
  yield* runs
  yield TRAILER
}

// Each writes a field with its length before it, and returns the place behind it.

export function writeText(value: string, target: Buffer, at: number): number {
  return writeLength(at + 4 + target.write(value, at + 4), target, at)
}

/** Writes before what stands between a place and an end how long it is; returns the end. */
export function writeLength(end: number, target: Buffer, at: number): number {
  target.writeInt32BE(end - at - 4, at)
  return end
}

export function writeInteger(value: number, target: Buffer, at: number): number {
  return target.writeInt32BE(value, target.writeInt32BE(4, at))
}

export function writeBigint(value: number, target: Buffer, at: number): number {
  // Two halves: a bigint for each would cost more than all else here.
  const half = target.writeInt32BE(Math.floor(value / 4_294_967_296), target.writeInt32BE(8, at))
  return target.writeUInt32BE(value >>> 0, half)
}

export function writeNull(target: Buffer, at: number): number {
  return target.writeInt32BE(-1, at)
}
