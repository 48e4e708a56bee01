import { type Address, InvalidInputError } from '../../core/index.ts'
import type { PoolSpec } from '../decode/contractSpec.ts'
import { agreedDecimals, completeInstrument, requireContract } from './completeInstrument.ts'
import type { ContractRequest } from './contractRequest.ts'
import type { Description } from './describeContract.ts'

/** Symbols that count as the quote currency of a pool, dollars first; otherwise token1 is. */
const QUOTE_SYMBOLS = ['USDC', 'USDC.E', 'PUSD', 'USDT', 'USDT0', 'DAI', 'USDL', 'USD']

type PoolRequest = Extract<ContractRequest, { kind: 'pool' }>

/** Completes a pool: its tokens, and which of them is traded for the other. */
export async function describePool(request: PoolRequest, description: Description): Promise<PoolSpec> {
  const { address, contract, open } = description
  await contract?.prove('token0', 'token1', 'liquidity')
  const tokens =
    contract === null ? null : await Promise.all([contract.addressOf('token0'), contract.addressOf('token1')])
  const [token0, token1] = tokens === null ? [null, null] : await Promise.all(tokens.map(open))
  const [token0Decimals, token1Decimals] = await Promise.all([
    agreedDecimals(request.token0Decimals, token0 ?? null, 'token0Decimals'),
    agreedDecimals(request.token1Decimals, token1 ?? null, 'token1Decimals'),
  ])
  const baseIsToken0 =
    request.baseIsToken0 ??
    sideOf(request, tokens) ??
    !QUOTE_SYMBOLS.includes((await requireContract(token0 ?? null, 'baseIsToken0').symbol()).toUpperCase())
  const given = request.base ?? {}
  const quote = given.quote ?? (await (baseIsToken0 ? token1 : token0)?.symbol())
  const base = await completeInstrument(
    { ...given, quote, decimals: given.decimals ?? (baseIsToken0 ? token0Decimals : token1Decimals) },
    {
      ...description,
      kind: 'spot',
      token: async () => tokens?.[baseIsToken0 ? 0 : 1] ?? requireContract(null, 'base.id').address,
      field: 'base',
    },
  )
  return { kind: 'pool', address, base, baseIsToken0, token0Decimals, token1Decimals }
}

/** True when the named quote token is token1; null when none is named, or nothing says which tokens there are. */
function sideOf(
  { quoteToken, address }: PoolRequest,
  tokens: readonly [Address, Address] | null,
): boolean | null {
  if (quoteToken === undefined || tokens === null) return null
  const side = tokens.indexOf(`0x${quoteToken.slice(2).toLowerCase()}`)
  if (side !== -1) return side === 1
  throw new InvalidInputError(
    `quoteToken ${quoteToken} is none of the tokens of the pool ${address}: ${tokens.join(' and ')}.`,
    { facts: { field: 'quoteToken', quoteToken, address }, hint: 'Name one of the two.' },
  )
}
