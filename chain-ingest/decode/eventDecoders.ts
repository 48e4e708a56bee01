import { compileEventDecoder } from './compileEventDecoder.ts'

/** The events that chain-ingest reads, each compiled once. Signatures: the ERC texts and the vendors' sources. */
export const eventDecoders = {
  /** ERC-20. */
  transfer: compileEventDecoder('Transfer(address indexed from,address indexed to,uint256 value)'),
  /** ERC-4626. */
  deposit: compileEventDecoder(
    'Deposit(address indexed sender,address indexed owner,uint256 assets,uint256 shares)',
  ),
  /** ERC-4626. */
  withdraw: compileEventDecoder(
    'Withdraw(address indexed sender,address indexed receiver,address indexed owner,uint256 assets,uint256 shares)',
  ),
  /** ERC-7540. */
  depositRequest: compileEventDecoder(
    'DepositRequest(address indexed controller,address indexed owner,uint256 indexed requestId,address sender,uint256 assets)',
  ),
  /** ERC-7540. */
  redeemRequest: compileEventDecoder(
    'RedeemRequest(address indexed controller,address indexed owner,uint256 indexed requestId,address sender,uint256 shares)',
  ),
  /** Nest vault: a redemption was paid at the rate of this block. */
  redeemFulfilled: compileEventDecoder(
    'RedeemFulfilled(address indexed controller,uint256 shares,uint256 assets,uint256 actualAssets)',
  ),
  /** Nest vault: shares were redeemed at once, for a fee. */
  instantRedeem: compileEventDecoder(
    'InstantRedeem(uint256 shares,uint256 assets,uint256 postFeeAmount,address receiver)',
  ),
  /** Centrifuge vault: what was asked for can be claimed; ERC-7540 itself has no event for that. */
  depositClaimable: compileEventDecoder(
    'DepositClaimable(address indexed controller,uint256 indexed requestId,uint256 assets,uint256 shares)',
  ),
  /** Centrifuge vault. */
  redeemClaimable: compileEventDecoder(
    'RedeemClaimable(address indexed controller,uint256 indexed requestId,uint256 assets,uint256 shares)',
  ),
  /** BoringVault accountant: the issuer published a rate. */
  exchangeRateUpdated: compileEventDecoder(
    'ExchangeRateUpdated(uint96 oldRate,uint96 newRate,uint64 currentTime)',
  ),
  /** Chainlink aggregator. */
  answerUpdated: compileEventDecoder(
    'AnswerUpdated(int256 indexed current,uint256 indexed roundId,uint256 updatedAt)',
  ),
  /** Plume Arc. */
  yieldDistributed: compileEventDecoder('YieldDistributed(uint256 amount,address indexed token)'),
  /** ERC-3643. */
  addressFrozen: compileEventDecoder(
    'AddressFrozen(address indexed userAddress,bool indexed isFrozen,address indexed owner)',
  ),
  /** ERC-3643. */
  tokensFrozen: compileEventDecoder('TokensFrozen(address indexed userAddress,uint256 amount)'),
  /** ERC-3643. */
  tokensUnfrozen: compileEventDecoder('TokensUnfrozen(address indexed userAddress,uint256 amount)'),
  /** ERC-3643. */
  paused: compileEventDecoder('Paused(address userAddress)'),
  /** ERC-3643. */
  unpaused: compileEventDecoder('Unpaused(address userAddress)'),
  /** ERC-3643. */
  recoverySuccess: compileEventDecoder(
    'RecoverySuccess(address lostWallet,address newWallet,address investorOnchainID)',
  ),
  /** ERC-3643. */
  identityRegistryAdded: compileEventDecoder('IdentityRegistryAdded(address indexed identityRegistry)'),
  /** ERC-3643. */
  complianceAdded: compileEventDecoder('ComplianceAdded(address indexed compliance)'),
  /** Uniswap v3 pool. */
  swap: compileEventDecoder(
    'Swap(address indexed sender,address indexed recipient,int256 amount0,int256 amount1,uint160 sqrtPriceX96,uint128 liquidity,int24 tick)',
  ),
  /** Uniswap v3 pool. */
  mint: compileEventDecoder(
    'Mint(address sender,address indexed owner,int24 indexed tickLower,int24 indexed tickUpper,uint128 amount,uint256 amount0,uint256 amount1)',
  ),
  /** Uniswap v3 pool. */
  burn: compileEventDecoder(
    'Burn(address indexed owner,int24 indexed tickLower,int24 indexed tickUpper,uint128 amount,uint256 amount0,uint256 amount1)',
  ),
  /** Uniswap v3 pool. */
  collect: compileEventDecoder(
    'Collect(address indexed owner,address recipient,int24 indexed tickLower,int24 indexed tickUpper,uint128 amount0,uint128 amount1)',
  ),
}
