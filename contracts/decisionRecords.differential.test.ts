import fc from 'fast-check'
import { createPublicClient, createWalletClient, type Hex, http, zeroAddress } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, DEFAULT_ANVIL_MNEMONIC, startAnvil } from '../cli/startAnvil.ts'
import { hashRecord, typedRecord } from '../decision-log/index.ts'
import { anyRecord } from '../decision-log/test/anyRecord.ts'
import { waitForReceipt } from '../decision-log/waitForReceipt.ts'
import { challengeAbi, challengeBytecode } from './abi/index.ts'

const SEED = 0x7265636f
const RECORDS_PER_RUN = 250

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil()
})
afterAll(() => anvil?.stop())

test(`a record has the same leaf in Solidity and in TypeScript (seed ${SEED})`, async () => {
  const account = mnemonicToAccount(DEFAULT_ANVIL_MNEMONIC)
  // Calls of one run travel together: a request for each would take most of the time.
  const transport = http(anvil.url, { batch: { batchSize: RECORDS_PER_RUN } })
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 10 })
  const wallet = createWalletClient({ chain: foundry, transport, account })
  const log: Hex = `0x${'10'.repeat(20)}`
  const hash = await wallet.deployContract({
    abi: challengeAbi,
    bytecode: challengeBytecode,
    args: [log, zeroAddress, zeroAddress, 1n, 2n, 1],
  })
  const { contractAddress } = await waitForReceipt(reader, hash)
  const domain = { chainId: anvil.chainId, verifyingContract: log }

  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRecord, { minLength: RECORDS_PER_RUN, maxLength: RECORDS_PER_RUN }),
      async records => {
        const leaves = await Promise.all(
          records.map(record =>
            reader.readContract({
              address: contractAddress!,
              abi: challengeAbi,
              functionName: 'leafOf',
              args: [typedRecord(record, domain).message],
            }),
          ),
        )
        expect(leaves).toEqual(records.map(record => hashRecord(record, domain)))
      },
    ),
    { seed: SEED, numRuns: 40 },
  )
}, 60_000)
