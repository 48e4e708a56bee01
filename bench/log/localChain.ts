import {
  type Abi,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  toHex,
} from 'viem'
import { mnemonicToAccount, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { DEFAULT_ANVIL_MNEMONIC } from '../../cli/startAnvil.ts'
import { waitForReceipt } from '../../decision-log/waitForReceipt.ts'

/** A local chain and an account on it that pays. */
export type LocalChain = {
  readonly chainId: number
  deploy(abi: Abi, bytecode: Hex, args?: readonly unknown[]): Promise<Hex>
  read(address: Hex, abi: Abi, functionName: string, args: readonly unknown[]): Promise<unknown>
  /** Sends a call and returns what it cost, all in; an account of its own pays where one is given. */
  gasOf(
    address: Hex,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
    account?: PrivateKeyAccount,
  ): Promise<number>
  /** A key with money, the same for the same number. */
  keyAt(number: number): Promise<PrivateKeyAccount>
}

/** Connects to an anvil with its own accounts. */
export function connectLocalChain(url: string): LocalChain {
  // Now and then a busy anvil leaves a request unanswered: it is asked again soon.
  const transport = http(url, { timeout: 5_000 })
  const payer = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 5 })
  const wallet = createWalletClient({ chain: foundry, transport })
  const mined = async (hash: Hex) => {
    const receipt = await waitForReceipt(reader, hash)
    if (receipt.status !== 'success') throw new Error(`${hash} was reverted`)
    return receipt
  }
  return {
    chainId: foundry.id,
    async deploy(abi, bytecode, args = []) {
      const hash = await wallet.deployContract({ abi, bytecode, args, account: payer })
      const { contractAddress } = await mined(hash)
      if (!contractAddress) throw new Error(`${hash} deployed nothing`)
      return contractAddress
    },
    read: (address, abi, functionName, args) => reader.readContract({ address, abi, functionName, args }),
    async gasOf(address, abi, functionName, args, account) {
      const data = encodeFunctionData({ abi, functionName, args })
      const hash = await wallet.sendTransaction({ to: address, data, account: account ?? payer })
      return Number((await mined(hash)).gasUsed)
    },
    async keyAt(number) {
      const account = privateKeyToAccount(keccak256(toHex(`key ${number}`)))
      await mined(await wallet.sendTransaction({ to: account.address, value: 10n ** 18n, account: payer }))
      return account
    },
  }
}
