import { setTimeout as sleep } from 'node:timers/promises'
import { createTestClient, type Hex, http } from 'viem'
import { type Address, UnavailableError } from '../../core/index.ts'

/** Gas that no call of the local market reaches; naming it saves the node an estimate per transaction. */
const GAS_LIMIT = 6_000_000

/** What the local market asks of its node: plain transactions of unlocked accounts, and mining on command. */
export type NodeRpc = ReturnType<typeof openNodeRpc>

/** Opens a connection that sends what is asked in one turn of the event loop as one HTTP request. */
export function openNodeRpc(url: string) {
  const client = createTestClient({
    mode: 'anvil',
    transport: http(url, { batch: { batchSize: 500 }, retryCount: 0, timeout: 60_000 }),
  })
  const send = (from: Address, to: Address | null, data: Hex): Promise<Hex> =>
    client.request<{ ReturnType: Hex; Parameters: unknown[]; Method: 'eth_sendTransaction' }>({
      method: 'eth_sendTransaction',
      params: [{ from, ...(to === null ? {} : { to }), data, gas: `0x${GAS_LIMIT.toString(16)}` }],
    })
  type Receipt = { status: Hex; contractAddress: Address | null; blockNumber: Hex } | null
  const receiptOf = (hash: Hex) =>
    client.request<{ ReturnType: Receipt; Parameters: unknown[]; Method: 'eth_getTransactionReceipt' }>({
      method: 'eth_getTransactionReceipt',
      params: [hash],
    })
  return {
    send,
    /** Calls a view at the newest block. */
    call: (to: Address, data: Hex): Promise<Hex> =>
      client.request<{ ReturnType: Hex; Parameters: unknown[]; Method: 'eth_call' }>({
        method: 'eth_call',
        params: [{ to, data }, 'latest'],
      }),
    /** Sends and waits until it is mined; needs automine. */
    async execute(from: Address, to: Address | null, data: Hex) {
      const hash = await send(from, to, data)
      let receipt = await receiptOf(hash)
      // Automine answers before the block is there.
      for (let tries = 0; receipt === null && tries < 200; tries++) {
        await sleep(5)
        receipt = await receiptOf(hash)
      }
      if (receipt === null || receipt.status !== '0x1')
        throw new UnavailableError(
          `A transaction of the local market ${receipt === null ? 'was not mined' : 'failed'}.`,
          {
            facts: { to },
            hint: 'Start again in a new folder with --dir.',
          },
        )
      return receipt
    },
    setAutomine: (enabled: boolean) => client.setAutomine(enabled),
    /** Mines one block at a time in seconds. */
    async mineAt(timestampSeconds: number) {
      await client.setNextBlockTimestamp({ timestamp: BigInt(timestampSeconds) })
      await client.mine({ blocks: 1 })
    },
    setBalance: (address: Address, wei: bigint) => client.setBalance({ address, value: wei }),
    blockNumber: async () =>
      Number(
        await client.request<{ ReturnType: Hex; Method: 'eth_blockNumber'; Parameters?: undefined }>({
          method: 'eth_blockNumber',
        }),
      ),
    accounts: () =>
      client.request<{ ReturnType: Address[]; Method: 'eth_accounts'; Parameters?: undefined }>({
        method: 'eth_accounts',
      }),
  }
}
