import { bytesToHex, encodeAbiParameters, hexToBytes } from 'viem'
import type { Attribution, Hash } from '../core/index.ts'
import { keccakAfter } from './keccak.ts'

const WORD = 32

/** keccak256 of `abi.encode(string[] features, int32[] effects)`: binds why the decision was made. */
export function hashExplanation(attributions: readonly Attribution[]): Hash {
  return bytesToHex(explanationDigest(attributions))
}

/** The bytes of `hashExplanation`. */
export function explanationDigest(attributions: readonly Attribution[]): Uint8Array {
  const effects = new Uint8Array((1 + attributions.length) * WORD)
  const view = new DataView(effects.buffer)
  view.setUint32(WORD - 4, attributions.length)
  let at = WORD
  for (const { effect } of attributions) {
    if (effect < 0) effects.fill(255, at, at + WORD)
    at += WORD
    view.setInt32(at - 4, effect)
  }
  return listOf(attributions).hashWith(effects)
}

/** Names of features, in the order of their attributions. */
type NameList = {
  readonly names: readonly string[]
  /** The hash of everything before the effects, and of them. */
  readonly hashWith: (effects: Uint8Array) => Uint8Array
}

/** The names of an agent's features are the same in each of its decisions: they are taken in once. */
const MAX_LISTS = 64
const lists: NameList[] = []

function listOf(attributions: readonly Attribution[]): NameList {
  for (const list of lists) if (isOf(attributions, list)) return list
  const names = attributions.map(({ feature }) => feature)
  const list = { names, hashWith: keccakAfter(encodeNames(names)) }
  if (lists.length === MAX_LISTS) lists.length = 0
  lists.push(list)
  return list
}

function isOf(attributions: readonly Attribution[], { names }: NameList): boolean {
  if (names.length !== attributions.length) return false
  for (let index = 0; index < names.length; index++)
    if (names[index] !== attributions[index]?.feature) return false
  return true
}

/** The heads of both arguments, which say where each begins, and the names. */
function encodeNames(names: readonly string[]): Uint8Array {
  const tail = hexToBytes(encodeAbiParameters([{ type: 'string[]' }], [names])).subarray(WORD)
  const bytes = new Uint8Array(2 * WORD + tail.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(WORD - 4, 2 * WORD)
  view.setUint32(2 * WORD - 4, bytes.length)
  bytes.set(tail, 2 * WORD)
  return bytes
}
