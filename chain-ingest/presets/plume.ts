import type { Address } from '../../core/index.ts'
import type { ContractRequest } from '../describe/contractRequest.ts'

/** EIP-155 id of Plume mainnet. */
const PLUME = 98_866

/** The id of a token of Plume mainnet. */
const token = (address: Address) => `eip155:${PLUME}/erc20:${address}`

const NTBILL = '0xe72fe64840f4ef80e3ec73a1c749491b5c938cb9'
const NALPHA = '0x593ccca4c4bf58b7526a4c164ceef4003c6388db'

/**
 * Plume mainnet and assets on it, to be named in a configuration: `{ ...plume.chain, contracts: [plume.pUSD] }`.
 * Decimals and symbols are asked of the contracts. Addresses are those that their issuers publish: check one
 * before value is sent to it.
 */
export const plume = {
  /** The public node; an own one is faster. */
  chain: { id: PLUME, rpc: ['https://rpc.plume.org'] },
  /** Transfers of Plume's dollar. */
  pUSD: { kind: 'erc20', address: '0xdddd73f5df1f0dc31373357beac77545dc5a6f3f' },
  /** Nest's vault of treasury bills. */
  nTBILL: {
    /** Transfers of the share token; mints and burns are issuance and redemption. */
    share: { kind: 'erc20', address: NTBILL, instrument: { id: token(NTBILL), kind: 'vaultShare' } },
    /** Deposits, requests to redeem, and their fulfilment. */
    vault: {
      kind: 'asyncVault',
      address: '0x250c2d14ed6376fb392fba1edd2cfd11d2bf7f12',
      instrument: { id: token(NTBILL), kind: 'vaultShare' },
    },
    /** The rate that the issuer publishes. */
    accountant: {
      kind: 'accountant',
      address: '0x0b738cd187872b265a689e8e4130c336e76892ec',
      instrument: { id: token(NTBILL), kind: 'vaultShare' },
    },
  },
  /** Nest's vault of mixed assets. */
  nALPHA: {
    /** Transfers of the share token. */
    share: { kind: 'erc20', address: NALPHA, instrument: { id: token(NALPHA), kind: 'vaultShare' } },
    /** Deposits, requests to redeem, and their fulfilment. */
    vault: {
      kind: 'asyncVault',
      address: '0x0342ee795e7864319fb8d48651b47febf1163c34',
      instrument: { id: token(NALPHA), kind: 'vaultShare' },
    },
  },
} as const satisfies Record<string, unknown> & {
  readonly pUSD: ContractRequest
  readonly nTBILL: Record<'share' | 'vault' | 'accountant', ContractRequest>
  readonly nALPHA: Record<'share' | 'vault', ContractRequest>
}
