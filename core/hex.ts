/** Lower-case hexadecimal bytes with a `0x` prefix. */
export type Hex = `0x${string}`

/** An EVM address as 20 lower-case hexadecimal bytes. */
export type Address = Hex

/** A 32-byte hash as lower-case hexadecimal. */
export type Hash = Hex

/** The hash that stands for "none", for example an agent that uses no model. */
export const ZERO_HASH: Hash = `0x${'0'.repeat(64)}`

/** The address that mints and burns appear to come from and go to. */
export const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`
