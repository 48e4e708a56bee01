/**
 * Blocks of the range that a node suggests in place of one that it refused, from what it says; null where that names
 * no smaller one. Nodes say it as a range (Alchemy, Infura, thirdweb, zkSync, reth) or as their limit (reth, Infura,
 * QuickNode, dRPC, Tenderly, Avalanche, Morph).
 */
export function suggestedBlocks(reason: string, from: number, blocks: number): number | null {
  const suggested = suggestedRange(reason, from) ?? statedLimit(reason)
  return suggested !== null && suggested >= 1 && suggested < blocks ? suggested : null
}

// `this block range should work: [0x1, 0x64]`, `Try with this block range [0x1, 0x64].`, `retry with the range 1-100`
const BLOCK = '(0x[0-9a-f]+|\\d+)'
const RANGE = new RegExp(`range(?: should work)?:? \\[?\\s*${BLOCK}\\s*[,-]\\s*${BLOCK}`, 'i')

function suggestedRange(reason: string, from: number): number | null {
  const [, first, last] = RANGE.exec(reason) ?? []
  // A range that begins elsewhere is about other blocks.
  if (first === undefined || last === undefined || Number(first) !== from) return null
  return Number(last) - from + 1
}

const COUNT = '(\\d{1,3}(?:,\\d{3})+|\\d+)(k?)'
const LIMITS = [
  // `limited to a 10,000 range`, `limited to 0 - 10000 blocks range`, `up to a 2K block range`, `ranges over 10000 blocks`
  `(?:limited to|up to|at most|over)(?: an?)?(?: 0 -)? ${COUNT}[ -](?:blocks?|range)`,
  // `exceeds max block range 5000`, `max block range = 5000`, `range limit 2000`
  `(?:max(?:imum)?(?: block)? range|range limit)(?: is| of| =|:)? ${COUNT}\\b`,
  // `range 1000000 exceeds limit of 10000`
  `range \\d+ exceeds limit of ${COUNT}\\b`,
  // `requested too many blocks from 0 to 5000, maximum is set to 2048`
  `too many blocks.* maximum is set to ${COUNT}\\b`,
].map(pattern => new RegExp(pattern, 'i'))

function statedLimit(reason: string): number | null {
  for (const limit of LIMITS) {
    const [, digits, thousands] = limit.exec(reason) ?? []
    if (digits !== undefined) return Number(digits.replaceAll(',', '')) * (thousands ? 1_000 : 1)
  }
  return null
}
