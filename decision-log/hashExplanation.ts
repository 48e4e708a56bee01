import { encodeAbiParameters, hexToBytes } from 'viem'
import type { Attribution, Hash } from '../core/index.ts'
import { keccakHex } from './keccak.ts'

const WORD = 32

/** keccak256 of `abi.encode(string[] features, int32[] effects)`: binds why the decision was made. */
export function hashExplanation(attributions: readonly Attribution[]): Hash {
  return keccakHex(explanationBytes(attributions))
}

/** What `hashExplanation` hashes. */
export function explanationBytes(attributions: readonly Attribution[]): Uint8Array {
  const names = encodeNames(attributions)
  const bytes = new Uint8Array(2 * WORD + names.length + (1 + attributions.length) * WORD)
  const view = new DataView(bytes.buffer)
  // An argument of dynamic size is written behind the heads of all; its head is the place where it begins.
  view.setUint32(WORD - 4, 2 * WORD)
  view.setUint32(2 * WORD - 4, 2 * WORD + names.length)
  bytes.set(names, 2 * WORD)
  let at = 2 * WORD + names.length
  view.setUint32(at + WORD - 4, attributions.length)
  for (const { effect } of attributions) {
    at += WORD
    if (effect < 0) bytes.fill(255, at, at + WORD)
    view.setInt32(at + WORD - 4, effect)
  }
  return bytes
}

/** The names of an agent's features are the same in each of its decisions. */
const MAX_LISTS = 64
const lists = new Map<string, Uint8Array>()

/** The names as the tail of their argument. */
function encodeNames(attributions: readonly Attribution[]): Uint8Array {
  const names = attributions.map(({ feature }) => feature)
  // Any name may hold any character: with its length before it, a list has one text.
  const key = names.map(name => `${name.length}:${name}`).join()
  const known = lists.get(key)
  if (known !== undefined) return known
  const tail = hexToBytes(encodeAbiParameters([{ type: 'string[]' }], [names])).subarray(WORD)
  if (lists.size === MAX_LISTS) lists.clear()
  lists.set(key, tail)
  return tail
}
