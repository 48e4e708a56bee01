import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hash, Hex } from '../core/index.ts'
import { padBody, unpadBody } from './padBody.ts'

/** A subscriber's key pair: the agent grants to the public key, the private one never leaves the subscriber. */
export type GranteeKeys = { readonly publicKey: Hash; readonly privateKey: Hash }

/** A body encrypted to a grantee's key. */
export type GrantedBody = {
  /** X25519 public key of this message alone, 32 bytes. */
  readonly encapsulatedKey: Hex
  readonly ciphertext: Hex
}

// RFC 9180, base mode. What says whose body it is are its leaf and the agent's signature, not the cipher.
const suite = () =>
  new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const INFO = new TextEncoder().encode('touchstone grant v1')

/** Makes a key pair to be granted to. Works in browsers, and in Node from 20 on. */
export async function createGranteeKeys(): Promise<GranteeKeys> {
  const { kem } = suite()
  const { publicKey, privateKey } = await kem.generateKeyPair()
  return {
    publicKey: bytesToHex(new Uint8Array(await kem.serializePublicKey(publicKey))),
    privateKey: bytesToHex(new Uint8Array(await kem.serializePrivateKey(privateKey))),
  }
}

/**
 * Encrypts a body to a grantee's X25519 key: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256 and AES-256-GCM; `info` is "touchstone grant v1", the additional data the leaf, the text the padded
 * body (`padBody`).
 */
export async function encryptToGrantee(
  body: string,
  { publicKey, leaf }: { readonly publicKey: Hash; readonly leaf: Hash },
): Promise<GrantedBody> {
  const hpke = suite()
  const recipientPublicKey = await hpke.kem.deserializePublicKey(hexToBytes(publicKey))
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info: INFO }, padBody(body), hexToBytes(leaf))
  return { encapsulatedKey: bytesToHex(new Uint8Array(enc)), ciphertext: bytesToHex(new Uint8Array(ct)) }
}

/** Decrypts a body; null when it was encrypted to another key, for another leaf, or changed. */
export async function decryptGranted(
  { encapsulatedKey, ciphertext }: GrantedBody,
  { privateKey, leaf }: { readonly privateKey: Hash; readonly leaf: Hash },
): Promise<string | null> {
  try {
    const hpke = suite()
    const recipientKey = await hpke.kem.deserializePrivateKey(hexToBytes(privateKey))
    const bytes = await hpke.open(
      { recipientKey, enc: hexToBytes(encapsulatedKey), info: INFO },
      hexToBytes(ciphertext),
      hexToBytes(leaf),
    )
    return unpadBody(new Uint8Array(bytes))
  } catch {
    // The library says no more than that it cannot be opened.
    return null
  }
}
