import { createWalletClient, http, parseEther } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { connect } from './logChain.ts'
import { waitForReceipt } from './waitForReceipt.ts'

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil()
})
afterAll(() => anvil?.stop())

test('a receipt that comes after its block, without another block, is found', async () => {
  const client = connect(anvil.url)
  const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)
  const wallet = createWalletClient({ account, transport: http(anvil.url) })
  const hash = await wallet.sendTransaction({ to: account.address, value: parseEther('1'), chain: null })
  // Anvil answers a moment before it mines.
  const { blockNumber } = await waitForReceipt(client, hash)
  let looks = 0
  const late = {
    getTransactionReceipt: (asked: { hash: typeof hash }) => {
      looks += 1
      // What the node says of a transaction whose receipt is not there yet.
      return client.getTransactionReceipt(looks < 4 ? { hash: `0x${'11'.repeat(32)}` } : asked)
    },
  } as typeof client
  expect(await waitForReceipt(late, hash)).toMatchObject({ status: 'success', blockNumber })
  expect(looks).toBe(4)
})

test('another failure of the node is thrown', async () => {
  await expect(waitForReceipt(connect('http://127.0.0.1:9', 0), `0x${'11'.repeat(32)}`)).rejects.toThrow(
    /HTTP request failed/,
  )
})
