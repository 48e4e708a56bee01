import { bytesToHex, encodeAbiParameters, hexToBytes, parseAbiParameters } from 'viem'
import type { DecisionOutput, Fill, Hex, Order, Outcome, Signal, Valuation } from '../core/index.ts'
import { orderBytes, sideNumber } from './encodeOrder.ts'
import {
  ADJUSTMENT_REASONS,
  END_REASONS,
  FILL_CAUSES,
  HALT_REASONS,
  MODEL_CHANGE_CAUSES,
} from './outputNumbers.ts'
import { createWordWriter } from './wordWriter.ts'

const FILL = parseAbiParameters(
  'bool hasOrder, uint64 order, uint8 cause, uint8 side, uint8 outcome, uint8 reason, uint256 quantity, uint256 priceE8, int256 feeE8, string source, uint64 block, uint64 logIndex',
)
const HALT = parseAbiParameters('uint8 reason, int256 limit, int256 observed')
const MODEL_CHANGE = parseAbiParameters('uint8 cause, bytes32 from, bytes32 to')
const CANCEL = parseAbiParameters('uint64 order')
const SETTLEMENT = parseAbiParameters('uint64 order, uint256 quantity, int256 cashE8')
const OUTCOME = parseAbiParameters(
  'uint64 signal, uint256 entryPriceE8, string entrySource, uint64 entryBlock, uint64 entryLogIndex, uint256 exitPriceE8, string exitSource, uint64 exitBlock, uint64 exitLogIndex',
)
const VALUATION = parseAbiParameters([
  'uint64 asOfMs, int256 cashE8, int256 equityE8, Position[] positions',
  'struct Position { string instrument; uint8 decimals; int256 quantity; uint256 priceE8; string source; uint64 block; uint64 logIndex; }',
])
const ADJUSTMENT = parseAbiParameters('uint8 reason, int256 quantity, int256 cashE8')

/**
 * Encodes what was decided as Solidity's `abi.encode` of the kind's fields, in this order. No two outputs of a
 * kind encode alike: what may be absent has a field that says whether it is there, and is 0 where it is not.
 *
 * - signal: `int8 direction, uint32 strength, uint32 confidence, uint64 horizonMs, bool hasPrediction,
 *   int32 score, uint32 probabilityUp`
 * - order: see `encodeOrder`
 * - fill: `bool hasOrder, uint64 order, uint8 cause` (index in `FILL_CAUSES`), `uint8 side` (0 buy, 1 sell),
 *   `uint8 outcome` (0 filled, 1 ended), `uint8 reason` (0 none, else 1 and its index in `END_REASONS`),
 *   `uint256 quantity, uint256 priceE8, int256 feeE8, string source, uint64 block, uint64 logIndex` (the last
 *   three name the observation that gave the price)
 * - halt: `uint8 reason` (index in `HALT_REASONS`), `int256 limit, int256 observed`
 * - modelChange: `uint8 cause` (index in `MODEL_CHANGE_CAUSES`), `bytes32 from, bytes32 to`
 * - cancel: `uint64 order`
 * - settlement: `uint64 order, uint256 quantity, int256 cashE8`
 * - adjustment: `uint8 reason` (index in `ADJUSTMENT_REASONS`), `int256 quantity, int256 cashE8`
 * - outcome: `uint64 signal, uint256 entryPriceE8, string entrySource, uint64 entryBlock, uint64 entryLogIndex,
 *   uint256 exitPriceE8, string exitSource, uint64 exitBlock, uint64 exitLogIndex` (each price with the observation
 *   that gave it)
 * - valuation: `uint64 asOfMs, int256 cashE8, int256 equityE8, Position[] positions`, where Position is `(string
 *   instrument, uint8 decimals, int256 quantity, uint256 priceE8, string source, uint64 block, uint64 logIndex)`
 */
export function encodeOutput(output: DecisionOutput): Hex {
  return bytesToHex(outputBytes(output))
}

/** The bytes of `encodeOutput`; they stand until its next call. */
export function outputBytes(output: DecisionOutput): Uint8Array {
  switch (output.kind) {
    // Most of what is decided; viem takes ten times as long.
    case 'signal':
      return signalBytes(output)
    case 'order':
      return orderBytes(output)
    default:
      return hexToBytes(encodeOther(output))
  }
}

function encodeOther(output: Exclude<DecisionOutput, Signal | Order>): Hex {
  switch (output.kind) {
    case 'fill':
      return encodeFill(output)
    case 'halt':
      return encodeAbiParameters(HALT, [HALT_REASONS.indexOf(output.reason), output.limit, output.observed])
    case 'modelChange':
      return encodeAbiParameters(MODEL_CHANGE, [
        MODEL_CHANGE_CAUSES.indexOf(output.cause),
        output.from,
        output.to,
      ])
    case 'cancel':
      return encodeAbiParameters(CANCEL, [BigInt(output.order)])
    case 'settlement':
      return encodeAbiParameters(SETTLEMENT, [BigInt(output.order), output.quantity, output.cashE8])
    case 'adjustment':
      return encodeAbiParameters(ADJUSTMENT, [
        ADJUSTMENT_REASONS.indexOf(output.reason),
        output.quantity,
        output.cashE8,
      ])
    case 'outcome':
      return encodeOutcome(output)
    case 'valuation':
      return encodeValuation(output)
  }
}

function encodeOutcome(outcome: Outcome): Hex {
  const { signal, entryPriceE8, entryPricedBy, exitPriceE8, exitPricedBy } = outcome
  return encodeAbiParameters(OUTCOME, [
    BigInt(signal),
    entryPriceE8,
    entryPricedBy.source,
    BigInt(entryPricedBy.block),
    BigInt(entryPricedBy.logIndex),
    exitPriceE8,
    exitPricedBy.source,
    BigInt(exitPricedBy.block),
    BigInt(exitPricedBy.logIndex),
  ])
}

function encodeValuation({ asOfMs, cashE8, equityE8, positions }: Valuation): Hex {
  const encoded = positions.map(({ instrument, decimals, quantity, priceE8, pricedBy }) => ({
    instrument,
    decimals,
    quantity,
    priceE8,
    source: pricedBy.source,
    block: BigInt(pricedBy.block),
    logIndex: BigInt(pricedBy.logIndex),
  }))
  return encodeAbiParameters(VALUATION, [BigInt(asOfMs), cashE8, equityE8, encoded])
}

const words = createWordWriter(7)

function signalBytes({ direction, strength, confidence, horizonMs, prediction }: Signal): Uint8Array {
  words.begin()
  words.signed(direction, 8)
  words.unsigned(strength, 32)
  words.unsigned(confidence, 32)
  words.unsigned(horizonMs, 64)
  words.truth(prediction !== null)
  words.signed(prediction?.score ?? 0, 32)
  words.unsigned(prediction?.probabilityUp ?? 0, 32)
  return words.end()
}

function encodeFill(fill: Fill): Hex {
  const { source, block, logIndex } = fill.pricedBy
  return encodeAbiParameters(FILL, [
    fill.order !== null,
    BigInt(fill.order ?? 0),
    FILL_CAUSES.indexOf(fill.cause),
    sideNumber(fill.side),
    fill.outcome === 'filled' ? 0 : 1,
    fill.reason === null ? 0 : 1 + END_REASONS.indexOf(fill.reason),
    fill.quantity,
    fill.priceE8,
    fill.feeE8,
    source,
    BigInt(block),
    BigInt(logIndex),
  ])
}
