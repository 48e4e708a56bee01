import type { Address } from '../core/index.ts'

/** ERC-8004's registries of one chain; null where the standard's authors name none. */
export type CanonicalRegistries = {
  readonly identity: Address | null
  readonly validation: Address | null
}

const IDENTITY_ON_MAIN_NETWORKS = '0x8004a169fb4a3325136eb29fa0ceb6d2e539a432'
const IDENTITY_ON_TEST_NETWORKS = '0x8004a818bfb912233c491871b3d84c89a494bd9e'

/** Ethereum, Optimism, BSC, Gnosis, Polygon, Monad, Abstract, MegaETH, Base, Arbitrum, Celo, Avalanche, Linea, Taiko, Scroll. */
const MAIN_NETWORKS = [
  1, 10, 56, 100, 137, 143, 2_741, 4_326, 8_453, 42_161, 42_220, 43_114, 59_144, 167_000, 534_352,
]

/**
 * BSC Testnet, MegaETH Testnet, Monad Testnet, Abstract Testnet, Avalanche Fuji, Linea Sepolia, Polygon Amoy, Base
 * Sepolia, Arbitrum Sepolia, Scroll Sepolia, Celo Sepolia, Ethereum Sepolia, Optimism Sepolia.
 */
const TEST_NETWORKS = [
  97, 6_343, 10_143, 11_124, 43_113, 59_141, 80_002, 84_532, 421_614, 534_351, 11_142_220, 11_155_111,
  11_155_420,
]

/** The one that `registry-addresses.json` names; it lists those of other chains as pending. */
const VALIDATION: Readonly<Record<number, Address>> = {
  11155111: '0x8004cb1bf31daf7788923b405b754f57aceb4272',
}

/**
 * The canonical registries of a chain, as the authors of ERC-8004 list them in
 * https://github.com/erc-8004/erc-8004-contracts (`README.md`, with the chains' numbers from `scripts/addresses.ts`;
 * `registry-addresses.json` for the validation registry). Networks that the list calls unfinished are left out. Where a
 * chain has none, `deployIdentityRegistries` makes conforming ones.
 */
export function canonicalRegistries(chainId: number): CanonicalRegistries {
  return {
    identity: MAIN_NETWORKS.includes(chainId)
      ? IDENTITY_ON_MAIN_NETWORKS
      : TEST_NETWORKS.includes(chainId)
        ? IDENTITY_ON_TEST_NETWORKS
        : null,
    validation: VALIDATION[chainId] ?? null,
  }
}
