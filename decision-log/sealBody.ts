import { chacha20poly1305 } from '@noble/ciphers/chacha'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hash, Hex } from '../core/index.ts'
import { padBody, unpadBody } from './padBody.ts'
import { bodyKeyOf } from './revealKeys.ts'

/**
 * Seals a body under the key of its reveal time: its padded UTF-8 (`padBody`) under ChaCha20-Poly1305 (RFC 8439) with the body's own key (`bodyKeyOf`) and a nonce of zeros.
 */
export function sealBody(body: string, { key, leaf }: { readonly key: Hash; readonly leaf: Hash }): Hex {
  return bytesToHex(cipher(key, leaf).encrypt(padBody(body)))
}

/** Opens what `sealBody` sealed; null when the key, the leaf or the ciphertext is another. */
export function openBody(
  ciphertext: Hex,
  { key, leaf }: { readonly key: Hash; readonly leaf: Hash },
): string | null {
  try {
    return unpadBody(cipher(key, leaf).decrypt(hexToBytes(ciphertext)))
  } catch {
    // The library says no more than that it is not what was sealed.
    return null
  }
}

// A key seals one body: the nonce has nothing to tell apart.
const NONCE = new Uint8Array(12)

const cipher = (key: Hash, leaf: Hash) => chacha20poly1305(hexToBytes(bodyKeyOf(key, leaf)), NONCE)
