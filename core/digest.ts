import { builtinModule } from './builtinModule.ts'
import { canonicalJson } from './canonicalJson.ts'
import { type Hash, ZERO_HASH } from './hex.ts'

const crypto = () => builtinModule('node:crypto')

/** SHA-256 of a text (as UTF-8) or of bytes. */
export function sha256(data: string | Uint8Array): Hash {
  return `0x${crypto().hash('sha256', data, 'hex')}`
}

/** SHA-256 of a value's canonical JSON. */
export function digestOf(value: unknown): Hash {
  return sha256(canonicalJson(value))
}

/** The data root of an agent that has observed nothing yet. */
export const EMPTY_DATA_ROOT = ZERO_HASH

/**
 * Extends a data root by one observation: SHA-256(root ‖ digest). The root binds every observation that an
 * agent has seen, in order, so one changed byte changes all later roots.
 */
export function extendDataRoot(root: Hash, observationDigest: Hash): Hash {
  return `0x${crypto()
    .createHash('sha256')
    .update(Buffer.from(root.slice(2) + observationDigest.slice(2), 'hex'))
    .digest('hex')}`
}
