import type { Address } from '../core/index.ts'

/** An address as the rest of the code writes it: viem's have a checksum in their case. */
export function lowerCase(address: Address): Address {
  return `0x${address.slice(2).toLowerCase()}`
}
