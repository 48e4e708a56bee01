import { erc20InstrumentId, type Instrument, instrumentId } from '../../core/index.ts'
import type { PoolSpec } from '../decode/contractSpec.ts'

export const WETH: Instrument = {
  id: erc20InstrumentId(1, '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'),
  kind: 'spot',
  symbol: 'WETH',
  decimals: 18,
  quote: 'USD',
}

export const PAXG: Instrument = {
  id: erc20InstrumentId(1, '0x45804880de22913dafe09f4980848ece6ecbaf78'),
  kind: 'navToken',
  symbol: 'PAXG',
  decimals: 18,
  quote: 'USD',
}

export const XAUUSD: Instrument = {
  id: instrumentId('oanda:XAUUSD'),
  kind: 'spot',
  symbol: 'XAUUSD',
  decimals: 8,
  quote: 'USD',
}

/** The Ethereum mainnet USDC/WETH 0.05 % pool: token0 is USDC. */
export const WETH_POOL: PoolSpec = {
  kind: 'pool',
  address: '0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640',
  base: WETH,
  baseIsToken0: false,
  token0Decimals: 6,
  token1Decimals: 18,
}
