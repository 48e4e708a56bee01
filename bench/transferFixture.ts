import { type Address, createTestClient, type Hex, http, publicActions, toHex, walletActions } from 'viem'
import { foundry } from 'viem/chains'
import { eventDecoders } from '../chain-ingest/index.ts'
import { type Anvil, startAnvil } from '../cli/startAnvil.ts'

/** A local chain of ERC-20 transfers. */
export type TransferFixture = {
  readonly anvil: Anvil
  readonly token: Address
  readonly logs: number
}

/** Transfers of one transaction, which has a block of its own. */
const LOGS_PER_BLOCK = 100
/** Blocks behind the last transfer, so that every one of them is final. */
const FINAL_BLOCKS = 80

// Emits Transfer(1, n, n) for each n from the number in its calldata down to 1.
const RUNTIME = [
  '600035', // n
  '5b8015603d57', // while n is not 0
  '80600052', // data: n
  `8060017f${eventDecoders.transfer.topic0.slice(2)}`, // topics: n, 1, Transfer
  '60206000a3', // LOG3 of one word
  '60019003600356', // n − 1, again
  '5b00',
].join('')
const LENGTH = (RUNTIME.length / 2).toString(16)
const INIT: Hex = `0x60${LENGTH}600c60003960${LENGTH}6000f3${RUNTIME}`

/** Starts a node and mines blocks until it has so many transfers. */
export async function startTransferFixture(logs: number): Promise<TransferFixture> {
  const anvil = await startAnvil({ timestampSeconds: 1_700_000_000 })
  const client = createTestClient({ mode: 'anvil', chain: foundry, transport: http(anvil.url), cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions)
  const [account] = await client.getAddresses()
  if (account === undefined) throw new Error('anvil has no account')
  const deployed = await client.sendTransaction({ account, data: INIT })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash: deployed, pollingInterval: 20 })
  if (contractAddress === null || contractAddress === undefined) throw new Error('not deployed')
  const data = toHex(LOGS_PER_BLOCK, { size: 32 })
  for (let block = 0; block < logs / LOGS_PER_BLOCK; block++)
    await client.sendTransaction({ account, to: contractAddress, data, gas: 1_000_000n })
  await client.mine({ blocks: FINAL_BLOCKS })
  return { anvil, token: contractAddress, logs }
}
