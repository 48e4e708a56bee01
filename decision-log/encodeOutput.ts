import { type AbiParameter, encodeAbiParameters } from 'viem'
import type { DecisionOutput, HaltReason, Hex } from '../core/index.ts'

/** Halt reasons in the order of their number in an encoded halt. Append only: the numbers are signed. */
export const HALT_REASONS = [
  'position',
  'orderSize',
  'dailyLoss',
  'staleness',
  'reorg',
  'operator',
] as const satisfies readonly HaltReason[]

const parameters = <const P extends readonly AbiParameter[]>(list: P): P => list

const SIGNAL = parameters([
  { name: 'direction', type: 'int8' },
  { name: 'strength', type: 'uint32' },
  { name: 'confidence', type: 'uint32' },
  { name: 'horizonMs', type: 'uint64' },
  { name: 'hasPrediction', type: 'bool' },
  { name: 'predictionBits', type: 'uint32' },
])

const ORDER = parameters([
  { name: 'side', type: 'uint8' },
  { name: 'quantity', type: 'uint256' },
  { name: 'referencePriceE8', type: 'uint256' },
])

const FILL = parameters([
  { name: 'order', type: 'uint64' },
  { name: 'side', type: 'uint8' },
  { name: 'outcome', type: 'uint8' },
  { name: 'quantity', type: 'uint256' },
  { name: 'priceE8', type: 'uint256' },
  { name: 'feeE8', type: 'int256' },
  { name: 'source', type: 'string' },
  { name: 'block', type: 'uint64' },
  { name: 'logIndex', type: 'uint64' },
])

const HALT = parameters([
  { name: 'reason', type: 'uint8' },
  { name: 'limit', type: 'int256' },
  { name: 'observed', type: 'int256' },
])

const MODEL_CHANGE = parameters([
  { name: 'from', type: 'bytes32' },
  { name: 'to', type: 'bytes32' },
])

/**
 * Encodes what was decided as Solidity's `abi.encode` of the kind's fields, in this order:
 *
 * - signal: `int8 direction, uint32 strength, uint32 confidence, uint64 horizonMs, bool hasPrediction,
 *   uint32 predictionBits` (bits 0 without a prediction)
 * - order: `uint8 side` (0 buy, 1 sell), `uint256 quantity, uint256 referencePriceE8`
 * - fill: `uint64 order, uint8 side, uint8 outcome` (0 filled, 1 expired), `uint256 quantity,
 *   uint256 priceE8, int256 feeE8, string source, uint64 block, uint64 logIndex` (the last three name the
 *   observation that gave the price)
 * - halt: `uint8 reason` (index in `HALT_REASONS`), `int256 limit, int256 observed`
 * - modelChange: `bytes32 from, bytes32 to`
 */
export function encodeOutput(output: DecisionOutput): Hex {
  switch (output.kind) {
    case 'signal':
      return encodeAbiParameters(SIGNAL, [
        output.direction,
        output.strength,
        output.confidence,
        BigInt(output.horizonMs),
        output.predictionBits !== null,
        output.predictionBits ?? 0,
      ])
    case 'order':
      return encodeAbiParameters(ORDER, [sideNumber(output.side), output.quantity, output.referencePriceE8])
    case 'fill':
      return encodeAbiParameters(FILL, [
        BigInt(output.order),
        sideNumber(output.side),
        output.outcome === 'filled' ? 0 : 1,
        output.quantity,
        output.priceE8,
        output.feeE8,
        output.pricedBy.source,
        BigInt(output.pricedBy.block),
        BigInt(output.pricedBy.logIndex),
      ])
    case 'halt':
      return encodeAbiParameters(HALT, [HALT_REASONS.indexOf(output.reason), output.limit, output.observed])
    case 'modelChange':
      return encodeAbiParameters(MODEL_CHANGE, [output.from, output.to])
  }
}

const sideNumber = (side: 'buy' | 'sell'): number => (side === 'buy' ? 0 : 1)
