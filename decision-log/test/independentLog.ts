/**
 * The protocol once more, written from docs/decision-log.md with keccak256 alone, to hold the document, the vectors and
 * the code against each other. It shares nothing with the code; keep it so.
 */
import { keccak256 } from 'viem'

type Hex = `0x${string}`
type Json = { readonly [field: string]: unknown }

export const cat = (...parts: readonly string[]): Hex =>
  `0x${parts.map(part => part.replace(/^0x/, '')).join('')}`

export const word = (value: bigint | number | boolean | string): Hex => {
  if (typeof value === 'string') return `0x${value.replace(/^0x/, '').padStart(64, '0')}`
  return `0x${BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0')}`
}

const utf8 = (text: string): Hex => `0x${Buffer.from(text, 'utf8').toString('hex')}`
const sizeOf = (hex: string): number => (hex.length - 2) / 2
const hashText = (text: string): Hex => keccak256(utf8(text))

/** Bytes of any length: their length, and they themselves up to a multiple of 32. */
const packed = (bytes: Hex): Hex =>
  cat(word(sizeOf(bytes)), bytes, '00'.repeat((32 - (sizeOf(bytes) % 32)) % 32))

/** `abi.encode`: words stand for themselves; what has any length stands behind, its place in its stead. */
type Field = Hex | { readonly tail: Hex }
export function encode(...fields: readonly Field[]): Hex {
  const tails: Hex[] = []
  let end = fields.length * 32
  const heads = fields.map(field => {
    if (typeof field === 'string') return field
    tails.push(field.tail)
    const place = word(end)
    end += sizeOf(field.tail)
    return place
  })
  return cat(...heads, ...tails)
}
const text = (value: string): Field => ({ tail: packed(utf8(value)) })
const list = (words: readonly Hex[]): Field => ({ tail: cat(word(words.length), ...words) })
const texts = (values: readonly string[]): Field => ({
  tail: cat(word(values.length), encode(...values.map(text))),
})

/** A body with its integers. */
export const readBody = (body: string): Json =>
  JSON.parse(body, (_, value) =>
    typeof value === 'object' && value !== null && '$int' in value ? BigInt(value.$int) : value,
  )

const KINDS = 'signal order fill halt modelChange cancel settlement adjustment outcome valuation'.split(' ')
const ORDERS = ['market', 'limit', 'stop', 'stopLimit', 'trailingStop', 'subscribe', 'redeem']
const CAUSES = ['order', 'stopLoss', 'takeProfit', 'close', 'liquidation']
const ENDS =
  'goodTill priceAge cancelled exclusive liquidated accountClosed marketClosed size price margin nothingToReduce liquidity notOffered compliance belowMinimum aboveCapacity insufficientCash insufficientShares nav noMarket'.split(
    ' ',
  )
const HALTS = ['position', 'orderSize', 'dailyLoss', 'staleness', 'reorg', 'operator', 'ruin']
const CHANGES = ['deployed', 'scheduled', 'admitted', 'promoted', 'rolledBack']
const ADJUSTMENTS = ['distribution', 'rebase', 'forcedTransfer', 'recovery', 'reconciliation']

// biome-ignore lint/suspicious/noExplicitAny: the fields of a body that is read as it comes
type Any = any

export function outputOf(output: Any): Hex {
  const place = (words: readonly string[], said: string) => word(words.indexOf(said))
  switch (output.kind) {
    case 'signal': {
      const { direction, strength, confidence, horizonMs, prediction } = output
      const said = prediction ?? { score: 0, probabilityUp: 0 }
      return encode(
        ...[direction, strength, confidence, horizonMs, prediction !== null].map(word),
        ...[said.score, said.probabilityUp].map(word),
      )
    }
    case 'order':
      return orderOf(output.terms, output.referencePriceE8)
    case 'fill': {
      const { order, cause, side, outcome, reason, quantity, priceE8, feeE8, pricedBy } = output
      return encode(
        word(order !== null),
        word(order ?? 0),
        place(CAUSES, cause),
        word(side === 'sell'),
        word(outcome === 'ended'),
        word(reason === null ? 0 : ENDS.indexOf(reason) + 1),
        ...[quantity, priceE8, feeE8].map(word),
        text(pricedBy.source),
        word(pricedBy.block),
        word(pricedBy.logIndex),
      )
    }
    case 'halt':
      return encode(place(HALTS, output.reason), word(output.limit), word(output.observed))
    case 'modelChange':
      return encode(place(CHANGES, output.cause), output.from, output.to)
    case 'cancel':
      return encode(word(output.order))
    case 'settlement':
      return encode(word(output.order), word(output.quantity), word(output.cashE8))
    case 'adjustment':
      return encode(place(ADJUSTMENTS, output.reason), word(output.quantity), word(output.cashE8))
    case 'outcome': {
      const { signal, entryPriceE8, entryPricedBy, exitPriceE8, exitPricedBy } = output
      return encode(
        word(signal),
        word(entryPriceE8),
        ...placeOf(entryPricedBy),
        word(exitPriceE8),
        ...placeOf(exitPricedBy),
      )
    }
    case 'valuation': {
      const { asOfMs, cashE8, equityE8, positions } = output
      const structs = positions.map(({ instrument, decimals, quantity, priceE8, pricedBy }: Any) => ({
        tail: encode(text(instrument), word(decimals), word(quantity), word(priceE8), ...placeOf(pricedBy)),
      }))
      const all = { tail: cat(word(structs.length), encode(...structs)) }
      return encode(word(asOfMs), word(cashE8), word(equityE8), all)
    }
    default:
      throw new Error(`the document has no kind ${output.kind}`)
  }
}

const placeOf = ({ source, block, logIndex }: Any): Field[] => [text(source), word(block), word(logIndex)]

function orderOf(terms: Any, referencePriceE8: bigint): Hex {
  const head = [word(ORDERS.indexOf(terms.kind)), word(referencePriceE8)]
  const choice = (said: boolean | undefined) => word(said === undefined ? 0 : said ? 2 : 1)
  if (terms.kind === 'subscribe') return encode(...head, word(terms.amountE8))
  if (terms.kind === 'redeem') return encode(...head, word(terms.shares), choice(terms.instantly))
  const { side, size, limitE8, stopE8, goodTillMs, reduceOnly, lot, exclusive, bracket } = terms
  const trail = (given: Any): Hex[] => {
    if (given?.trailE8 !== undefined) return [word(1), word(given.trailE8)]
    if (given?.trailPpm !== undefined) return [word(2), word(given.trailPpm)]
    return given?.stopE8 !== undefined ? [word(3), word(given.stopE8)] : [word(0), word(0)]
  }
  const sized =
    size.units !== undefined
      ? [0, size.units]
      : size.cashE8 !== undefined
        ? [1, size.cashE8]
        : [2, size.equityPpm]
  return encode(
    ...head,
    word(side === 'sell'),
    ...sized.map(word),
    word(limitE8 ?? 0),
    word(stopE8 ?? 0),
    ...trail(terms.kind === 'trailingStop' ? terms : undefined),
    word(goodTillMs !== undefined),
    word(goodTillMs ?? 0),
    choice(reduceOnly),
    word(lot !== undefined),
    word(lot ?? 0),
    choice(exclusive),
    word(bracket !== undefined),
    ...trail(bracket?.stopLoss),
    word(bracket?.takeProfitE8 !== undefined),
    word(bracket?.takeProfitE8 ?? 0),
  )
}

export function explanationOf({ attributions }: Any): Hex {
  return keccak256(
    encode(
      texts(attributions.map(({ feature }: Any) => feature)),
      list(attributions.map(({ effect }: Any) => word(effect))),
    ),
  )
}

export function structHashOf(record: Any): Hex {
  const type =
    'Decision(address agent,uint64 sequence,uint8 kind,string instrument,uint64 timeMs,string source,uint64 block,uint64 logIndex,bytes32 dataRoot,bytes32 featureSet,bytes features,bytes32 model,bytes32 strategy,bytes output,bytes32 explanationHash,uint64 revealAtMs,bytes32 salt)'
  return keccak256(
    cat(
      hashText(type),
      word(record.agent),
      word(record.sequence),
      word(KINDS.indexOf(record.output.kind)),
      hashText(record.instrument),
      word(record.timeMs),
      hashText(record.observed.source),
      word(record.observed.block),
      word(record.observed.logIndex),
      record.dataRoot,
      record.featureSet,
      keccak256(record.features),
      record.model,
      record.strategy,
      keccak256(outputOf(record.output)),
      explanationOf(record),
      word(record.revealAtMs),
      record.salt,
    ),
  )
}

export function separatorOf(chainId: number, contract: string): Hex {
  const type = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
  return keccak256(cat(hashText(type), hashText('Touchstone'), hashText('1'), word(chainId), word(contract)))
}

/** What is signed: of a record, its leaf. */
export const digestOf = (separator: Hex, structHash: Hex): Hex =>
  keccak256(cat('1901', separator, structHash))

export const commitHash = ({ agent, state, count, root, leaves }: Any): Hex =>
  keccak256(
    cat(
      hashText('Commit(address agent,bytes32 state,uint64 count,bytes32 root,bool leaves)'),
      word(agent),
      state,
      word(count),
      root,
      word(leaves.length > 0),
    ),
  )
export const epochHash = ({ agent, epoch, key }: Any): Hex =>
  keccak256(
    cat(hashText('Epoch(address agent,uint16 epoch,address key)'), word(agent), word(epoch), word(key)),
  )
export const identityHash = ({ agent, identity }: Any): Hex =>
  keccak256(cat(hashText('Identity(address agent,uint256 identity)'), word(agent), word(identity)))

export const batchHash = ({ agent, firstSequence, count, root }: Any): Hex =>
  keccak256(
    cat(
      hashText('Batch(address agent,uint64 firstSequence,uint64 count,bytes32 root)'),
      word(agent),
      word(firstSequence),
      word(count),
      root,
    ),
  )
export const envelopeHash = ({ agent, sequence, leaf, revealAtMs, keyHash, ciphertextHash }: Any): Hex =>
  keccak256(
    cat(
      hashText(
        'Sealed(address agent,uint64 sequence,bytes32 leaf,uint64 revealAtMs,bytes32 keyHash,bytes32 ciphertextHash)',
      ),
      word(agent),
      word(sequence),
      leaf,
      word(revealAtMs),
      keyHash,
      ciphertextHash,
    ),
  )

export const hashBytes = (bytes: Hex): Hex => keccak256(bytes)
export const saltOf = (key: Hex, sequence: number): Hex =>
  keccak256(cat(hashText('touchstone sealed salt v1'), key, word(sequence)))
export const bodyKeyOf = (key: Hex, leaf: Hex): Hex =>
  keccak256(cat(hashText('touchstone body key v1'), key, leaf))

/** The text before 0x80 and zeros. */
export function withoutPadding(bytes: Buffer): string {
  let end = bytes.length - 1
  while (bytes[end] === 0) end--
  if (bytes[end] !== 0x80) throw new Error('the body has no padding')
  return bytes.subarray(0, end).toString('utf8')
}

/** The call that posts a key: the first four bytes of its name's hash, and its arguments. */
export const revealOf = ({ agent, revealAtMs, key }: Any): Hex =>
  cat(hashText('reveal(address,uint64,bytes32)').slice(0, 10), encode(word(agent), word(revealAtMs), key))

/** The parts of a signature of the second form. */
export function readTogether(signature: Hex) {
  const part = (from: number, to?: number): Hex =>
    `0x${signature.slice(2 + 2 * from, to === undefined ? undefined : 2 + 2 * to)}`
  const siblings: Hex[] = []
  for (let from = 81; from < sizeOf(signature); from += 32) siblings.push(part(from, from + 32))
  return {
    signature: part(0, 65),
    firstSequence: Number(part(65, 73)),
    count: Number(part(73, 81)),
    siblings,
  }
}

/** Level by level: pairs are hashed, an odd last node goes up as it is. */
export function rootOf(leaves: readonly Hex[]): Hex {
  let level = leaves
  while (level.length > 1)
    level = level.flatMap((left, index) => {
      if (index % 2 === 1) return []
      const right = level[index + 1]
      return right === undefined ? left : keccak256(cat(left, right))
    })
  const [root] = level
  if (root === undefined) throw new Error('a batch holds one decision at least')
  return root
}

/** The root that a proof leads to: at each level, a sibling where the node has one. */
export function rootBy(leaf: Hex, index: number, count: number, proof: readonly Hex[]): Hex | null {
  let [node, place, width, used] = [leaf, index, count, 0]
  while (width > 1) {
    const alone = place === width - 1 && place % 2 === 0
    if (!alone) {
      const sibling = proof[used++]
      if (sibling === undefined) return null
      node = keccak256(place % 2 === 0 ? cat(node, sibling) : cat(sibling, node))
    }
    place = Math.floor(place / 2)
    width = Math.ceil(width / 2)
  }
  return used === proof.length ? node : null
}

/** The low 192 bits. */
export const headAfter = (head: string, root: Hex, firstSequence: number, count: number): Hex =>
  `0x${keccak256(encode(word(head), root, word(firstSequence), word(count))).slice(-48)}`

export const stateOf = (head: string, epoch: number, nextSequence: number): Hex =>
  cat(head, epoch.toString(16).padStart(4, '0'), nextSequence.toString(16).padStart(12, '0'))
