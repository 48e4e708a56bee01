import {
  type Address,
  erc20InstrumentId,
  type Instrument,
  InvalidInputError,
  instrumentId,
} from '../../core/index.ts'
import type { ContractReader } from './contractReader.ts'
import type { InstrumentRequest } from './contractRequest.ts'

export type CompleteInstrumentOptions = {
  readonly chainId: number
  /** Its kind, unless given. */
  readonly kind: Instrument['kind']
  /** The token that it is, where the id does not say. */
  readonly token: () => Promise<Address>
  /** Opens a token of the chain; null where there is nothing to ask. */
  readonly open: (token: Address) => Promise<ContractReader | null>
  /** What an error calls it. */
  readonly field: string
}

/**
 * Completes an instrument by asking its token.
 *
 * @throws InvalidInputError naming a field that is missing and cannot be asked for, or decimals that are not the
 * token's.
 */
export async function completeInstrument(
  given: InstrumentRequest,
  { chainId, kind, token, open, field }: CompleteInstrumentOptions,
): Promise<Instrument> {
  const id = given.id === undefined ? erc20InstrumentId(chainId, await token()) : instrumentId(given.id)
  const address = tokenOf(id, chainId)
  const contract = address === null ? null : await open(address)
  const [symbol, decimals] = await Promise.all([
    given.symbol ?? requireContract(contract, `${field}.symbol`).symbol(),
    agreedDecimals(given.decimals, contract, `${field}.decimals`),
  ])
  return { id, kind: given.kind ?? kind, symbol, decimals, quote: given.quote ?? 'USD' }
}

/**
 * The decimals of a contract; those given, where there is nothing to ask.
 *
 * @throws InvalidInputError when the contract says others than those given: every amount would be wrong.
 */
export async function agreedDecimals(
  given: number | undefined,
  contract: ContractReader | null,
  field: string,
): Promise<number> {
  if (contract === null && given !== undefined) return given
  const { address, decimals } = requireContract(contract, field)
  const asked = await decimals()
  if (given === undefined || given === asked) return asked
  throw new InvalidInputError(`${field} is given as ${given}, but ${address} has ${asked} decimals.`, {
    facts: { field, given, asked, address },
    hint: `Leave ${field} out, or write ${asked}.`,
  })
}

/** The contract to ask for a field. @throws InvalidInputError naming the field when there is none. */
export function requireContract(contract: ContractReader | null, field: string): ContractReader {
  if (contract === null) throw missingField(field)
  return contract
}

/** A field is missing, and nothing on the chain says it. */
export function missingField(field: string): InvalidInputError {
  return new InvalidInputError(`${field} is missing, and there is nothing to ask for it.`, {
    facts: { field },
    hint: `Give ${field}: a recording cannot be asked, nor what is no token of the chain.`,
  })
}

/** The token that an instrument is on the chain; null for one of a venue or of another chain. */
function tokenOf(id: string, chainId: number): Address | null {
  const prefix = `eip155:${chainId}/erc20:`
  return id.startsWith(prefix) ? `0x${id.slice(prefix.length + 2)}` : null
}
