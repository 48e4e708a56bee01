import {
  type Address,
  createTestClient,
  type Hex,
  type HttpTransport,
  http,
  numberToHex,
  type PublicActions,
  pad,
  publicActions,
  type TestClient,
  type WalletActions,
  walletActions,
} from 'viem'
import { foundry } from 'viem/chains'
import { type Anvil, type AnvilOptions, startAnvil } from '../../cli/startAnvil.ts'
import { erc20InstrumentId, type Instrument } from '../../core/index.ts'
import { waitForReceipt } from '../../decision-log/waitForReceipt.ts'
import type { ContractSpec } from '../decode/contractSpec.ts'
import { eventDecoders } from '../decode/eventDecoders.ts'

// Emits LOG3 with the first three words of its calldata as topics and the rest as data.
const RUNTIME = '366000600037604051602051600051606036036060a300'
const length = (RUNTIME.length / 2).toString(16)
const INIT: Hex = `0x60${length}600c60003960${length}6000f3${RUNTIME}`

/** A local chain with a contract that emits ERC-20 transfers of any value. */
export type EmitterChain = {
  readonly anvil: Anvil
  readonly address: Address
  readonly contracts: readonly ContractSpec[]
  readonly instrument: Instrument
  readonly client: EmitterClient
  /** Mines one block that holds a transfer of each value; returns when mining was asked for. */
  mine(values: readonly bigint[]): Promise<number>
}

type EmitterClient = TestClient<'anvil', HttpTransport, typeof foundry> &
  PublicActions<HttpTransport, typeof foundry> &
  Pick<WalletActions<typeof foundry>, 'getAddresses' | 'sendTransaction'>

function connect(url: string): EmitterClient {
  return createTestClient({ mode: 'anvil', chain: foundry, transport: http(url), cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions)
}

/** Starts anvil, which mines only when told to, and deploys the emitter. Its clock starts now unless told when. */
export async function startEmitterChain(
  options: Pick<AnvilOptions, 'port' | 'timestampSeconds'> = {},
): Promise<EmitterChain> {
  const anvil = await startAnvil(options)
  const client = connect(anvil.url)
  const [account] = await client.getAddresses()
  if (account === undefined) throw new Error('anvil has no account')
  const hash = await client.sendTransaction({ account, data: INIT })
  const { contractAddress } = await waitForReceipt(client, hash)
  if (contractAddress === null || contractAddress === undefined) throw new Error('not deployed')
  await client.setAutomine(false)
  const instrument: Instrument = {
    id: erc20InstrumentId(anvil.chainId, contractAddress),
    kind: 'spot',
    symbol: 'TEST',
    decimals: 18,
    quote: 'USD',
  }
  return {
    anvil,
    address: contractAddress,
    contracts: [{ kind: 'erc20', address: contractAddress, instrument }],
    instrument,
    client,
    async mine(values) {
      for (const value of values) {
        const words = [
          eventDecoders.transfer.topic0,
          pad('0x1'),
          pad('0x2'),
          numberToHex(value, { size: 32 }),
        ]
        const data: Hex = `0x${words.map(word => word.slice(2)).join('')}`
        await client.sendTransaction({ account, to: contractAddress, data, gas: 100_000n })
      }
      const asked = performance.now()
      await client.mine({ blocks: 1 })
      return asked
    },
  }
}
