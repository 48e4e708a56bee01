import {
  type Abi,
  createTestClient,
  type EncodeDeployDataParameters,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  type HttpTransport,
  http,
  type PublicActions,
  publicActions,
  type TestClient,
  type WalletActions,
  walletActions,
} from 'viem'
import { foundry } from 'viem/chains'
import { startAnvil } from '../../cli/startAnvil.ts'
import type { Address } from '../../core/index.ts'
import { waitForReceipt } from '../../decision-log/waitForReceipt.ts'
import { createRpcSource, type RpcSource } from '../sources/rpcSource.ts'

type Client = TestClient<'anvil', HttpTransport, typeof foundry> &
  PublicActions<HttpTransport, typeof foundry> &
  Pick<WalletActions<typeof foundry>, 'getAddresses' | 'sendTransaction'>

/** A local chain to deploy contracts on and to call them; every transaction is a block of its own. */
export type ContractChain = {
  readonly url: string
  readonly chainId: number
  readonly client: Client
  readonly source: RpcSource
  readonly accounts: readonly Address[]
  deploy(abi: Abi, bytecode: Hex, args?: readonly unknown[]): Promise<Address>
  /** Calls a contract in a block of its own; returns the block's number. */
  send(address: Address, abi: Abi, functionName: string, args: readonly unknown[]): Promise<number>
  stop(): Promise<void>
}

/** Starts anvil and connects to it. */
export async function startContractChain(): Promise<ContractChain> {
  const anvil = await startAnvil()
  const client: Client = createTestClient({
    ...{ mode: 'anvil', chain: foundry, transport: http(anvil.url), cacheTime: 0, pollingInterval: 20 },
  } as const)
    .extend(publicActions)
    .extend(walletActions)
  const source = await createRpcSource({ url: anvil.url })
  const accounts = (await client.getAddresses()).map(lowerCase)
  const [account] = accounts
  if (account === undefined) throw new Error('anvil has no account')

  async function execute(to: Address | null, data: Hex) {
    const hash = await client.sendTransaction({ account: account as Address, to, data })
    const receipt = await waitForReceipt(client, hash)
    if (receipt.status !== 'success') throw new Error(`a transaction to ${to} was reverted`)
    return receipt
  }

  return {
    url: anvil.url,
    chainId: anvil.chainId,
    client,
    source,
    accounts,
    async deploy(abi, bytecode, args = []) {
      const data = encodeDeployData({ abi, bytecode, args } as EncodeDeployDataParameters)
      const { contractAddress } = await execute(null, data)
      if (contractAddress === null || contractAddress === undefined) throw new Error('not deployed')
      return lowerCase(contractAddress)
    },
    async send(address, abi, functionName, args) {
      const data = encodeFunctionData({ abi, functionName, args })
      return Number((await execute(address, data)).blockNumber)
    },
    async stop() {
      await source.close()
      await anvil.stop()
    },
  }
}

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
