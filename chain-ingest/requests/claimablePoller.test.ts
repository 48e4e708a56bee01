import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as rwa from '../../contracts/test/abi/index.ts'
import {
  type Address,
  chainSource,
  erc20InstrumentId,
  IntegrityError,
  positionOf,
  type StoredObservation,
  seededRandom,
  toStoredObservation,
} from '../../core/index.ts'
import { openPglite } from '../../feature-store/index.ts'
import { decodeRawChainRow } from '../decode/chainRow.ts'
import type { AsyncVaultSpec, ContractSpec } from '../decode/contractSpec.ts'
import { createChainSync } from '../history/chainSync.ts'
import { ingestHistory } from '../history/ingestHistory.ts'
import { readChainObservations } from '../history/readChainObservations.ts'
import { type ContractChain, startContractChain } from '../testing/contractChain.conformance.ts'
import { standingRows } from '../testing/standingRows.conformance.ts'
import { createClaimablePoller } from './claimablePoller.ts'
import { FIRST_ASKED_INDEX } from './claimableRow.ts'
import type { RequestDirection } from './requestTracker.ts'
import { trackRequests } from './trackRequests.ts'

const POLL_BLOCKS = 3
const SEED = 20_261_121

let chain: ContractChain
let spec: AsyncVaultSpec
let contracts: ContractSpec[]

beforeAll(async () => {
  chain = await startContractChain()
  const share = await chain.deploy(rwa.permissionedTokenAbi, rwa.permissionedTokenBytecode, ['Fund', 'FUND'])
  const vault = await chain.deploy(rwa.asyncVaultAbi, rwa.asyncVaultBytecode, [share, share])
  spec = {
    ...{ kind: 'asyncVault', address: vault, assetDecimals: 6, pollBlocks: POLL_BLOCKS },
    instrument: {
      ...{ id: erc20InstrumentId(chain.chainId, share), kind: 'vaultShare', symbol: 'FUND', decimals: 18 },
      quote: 'USD',
    },
  }
  contracts = [spec]
})
afterAll(() => chain.stop())

/** Lets random controllers request, be fulfilled without an event, and claim; one step is one block. */
async function act(steps: number, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const whole = (below: number) => Math.floor(random() * below)
  for (let step = 0; step < steps; step++) {
    const controller = chain.accounts[1 + whole(2)] as Address
    const receiver = chain.accounts[4] as Address
    const side = random() < 0.5 ? 'Deposit' : 'Redeem'
    const id = BigInt(whole(2) * 7)
    const read = (name: string) =>
      chain.client.readContract({
        ...{ address: spec.address, abi: rwa.asyncVaultAbi, args: [id, controller] },
        functionName: `${name}${side}Request` as 'pendingDepositRequest',
      })
    const pending = await read('pending')
    const claimable = await read('claimable')
    const part = (amount: bigint) => (random() < 0.4 ? amount : (amount + 1n) / 2n)
    const choice = random()
    if (choice < 0.4 && pending > 0n) await send(`fulfil${side}`, [id, controller, part(pending)])
    else if (choice < 0.7 && claimable > 0n)
      await send(`claim${side}`, [id, part(claimable), receiver, controller])
    else await send(`request${side}`, [id, BigInt(1 + whole(1_000)), controller])
  }
}

const send = (name: string, args: readonly unknown[]) =>
  chain.send(spec.address, rwa.asyncVaultAbi, name, args)

async function readClean(read: readonly ContractSpec[] = contracts, chunkBlocks?: number) {
  const observations: StoredObservation[] = []
  const toBlock = Number(await chain.client.getBlockNumber())
  const options = { source: chain.source, contracts: read, fromBlock: 0, toBlock }
  for await (const batch of readChainObservations(
    chunkBlocks === undefined ? options : { ...options, chunkBlocks },
  ))
    observations.push(...batch.observations)
  return observations
}

const isAsked = ({ event }: StoredObservation) => positionOf(event).logIndex >= FIRST_ASKED_INDEX
const digests = (rows: readonly StoredObservation[]) => rows.map(({ digest }) => digest)

/** What the vault itself says at a block, over all its request ids. */
async function vaultAmounts(controller: Address, direction: RequestDirection, block: number) {
  const side = direction === 'deposit' ? 'Deposit' : 'Redeem'
  const sum = async (name: string) => {
    const answers = await Promise.all(
      [0n, 7n].map(id =>
        chain.client.readContract({
          ...{ address: spec.address, abi: rwa.asyncVaultAbi, args: [id, controller] },
          functionName: `${name}${side}Request` as 'pendingDepositRequest',
          blockNumber: BigInt(block),
        }),
      ),
    )
    return answers.reduce((total, answer) => total + answer, 0n)
  }
  const [pending, claimable] = [await sum('pending'), await sum('claimable')]
  return { pending, claimable }
}

describe(`a vault that tells nobody when a request can be claimed (seed ${SEED})`, () => {
  let clean: StoredObservation[]
  beforeAll(async () => {
    await act(90, SEED)
    clean = await readClean()
  })

  test('is known, at each block at which it is asked, as it knows itself', async () => {
    const blocks = [...new Set(clean.filter(isAsked).map(({ event }) => positionOf(event).block))]
    expect(blocks.length).toBeGreaterThan(8)
    for (const block of blocks) {
      expect(block % POLL_BLOCKS).toBe(0)
      const seen = clean.map(({ event }) => event).filter(event => positionOf(event).block <= block)
      const tracker = trackRequests(spec.address, seen)
      for (const controller of tracker.controllers())
        for (const direction of ['deposit', 'redeem'] as const) {
          const { requested, pending, claimable, claimed, unmatched } = tracker.amounts(controller, direction)
          expect({ pending, claimable }).toEqual(await vaultAmounts(controller, direction, block))
          expect(pending + claimable + claimed).toBe(requested)
          expect(unmatched).toBe(0n)
        }
    }
  })

  test('gives observations in the order of the chain, after the logs of their block, at their own places', () => {
    const places = clean.map(({ event }) => positionOf(event))
    for (const [index, place] of places.slice(1).entries()) {
      const earlier = places[index]!
      expect(place.block > earlier.block || place.logIndex > earlier.logIndex).toBe(true)
    }
    for (const { event } of clean.filter(isAsked)) {
      expect(positionOf(event).logIndex).toBeLessThan(2 ** 31)
      expect(event.value.type === 'vaultRequest' && event.value.stage).toMatch(/Claimable$/)
      expect(event.lineage).toMatchObject({ address: spec.address, estimated: [] })
    }
  })

  test('is read the same in batches of any size, and from its stored rows alone', async () => {
    for (const chunkBlocks of [1, 7, 40])
      expect(digests(await readClean(contracts, chunkBlocks))).toEqual(digests(clean))
    for (const { raw, digest } of clean) {
      const again = decodeRawChainRow(raw, contracts, { chainId: chain.chainId })
      expect(again === null ? null : toStoredObservation(again, raw).digest).toBe(digest)
    }
  })

  test('is no longer asked where the contract says so; a changed row is refused or differs', () => {
    const row = clean.find(isAsked)!
    const decode = (raw: string, read: readonly ContractSpec[] = contracts) =>
      decodeRawChainRow(raw, read, { chainId: chain.chainId })
    expect(decode(row.raw, [{ ...spec, pollBlocks: null }])).toBeNull()
    expect(decode(row.raw, [{ ...spec, pollBlocks: 1_000 }])).toBeNull()
    expect(decode(row.raw, [])).toBeNull()
    const changed = (field: string, value: unknown) =>
      JSON.stringify({ ...(JSON.parse(row.raw) as object), [field]: value })
    expect(decode(changed('known', '0x0ffffffffffff'))).toBeNull()
    for (const [field, value] of [
      ['to', '0x12'],
      ['calls', []],
      ['known', -1],
      ['logIndex', '0x1'],
      ['block', null],
    ] as const)
      expect(() => decode(changed(field, value)), field).toThrow(IntegrityError)
  })

  test('is taken up again from the store after every stop, and after a reorg', async () => {
    const { observations: store, close } = await openPglite({ directory: null })
    const options = { source: chain.source, contracts, store, finality: 40 }
    const head = Number(await chain.client.getBlockNumber())
    for (let toBlock = 5; toBlock < head; toBlock += 4) await ingestHistory({ ...options, toBlock })
    const sync = createChainSync(options)
    await sync.advance()
    expect(digests(await standingRows(store, chain.chainId))).toEqual(digests(clean))

    // Another branch: the last blocks are dropped, and other things happen.
    await chain.client.request({ method: 'anvil_rollback', params: [17] } as never)
    await act(25, SEED + 1)
    await sync.advance()
    const after = await readClean()
    const rows = await standingRows(store, chain.chainId)
    expect(digests(rows)).toEqual(digests(after))
    expect(digests(after)).not.toEqual(digests(clean))
    expect(after.filter(isAsked).length).toBeGreaterThan(5)

    // What agents were given, withdrawals and all, folds to the same requests.
    const delivered = await store.read({ instruments: [spec.instrument.id], limit: 100_000 })
    expect(delivered.some(({ event }) => event.value.type === 'withdrawal')).toBe(true)
    const fold = (events: readonly StoredObservation[]) =>
      trackRequests(
        spec.address,
        events.map(({ event }) => event),
      )
    expect(fold(delivered).open()).toEqual(fold(after).open())
    await close()
  })

  test('leaves other streams of the chain as they were: its rows are added, none is changed', async () => {
    const silent = await readClean([{ ...spec, pollBlocks: null }])
    const asked = await readClean()
    expect(silent.some(isAsked)).toBe(false)
    expect(digests(asked.filter(row => !isAsked(row)))).toEqual(digests(silent))
    expect(chainSource(chain.chainId)).toBe(positionOf(asked[0]!.event).source)
  })
})

test('a contract without these functions is named, with what to do', async () => {
  const mute = await chain.deploy(rwa.eventEmitterAbi, rwa.eventEmitterBytecode)
  const other: AsyncVaultSpec = { ...spec, address: mute, pollBlocks: 1 }
  const poller = createClaimablePoller({ source: chain.source, contracts: [other] })!
  const block = Number(await chain.client.getBlockNumber())
  const request = (await readClean()).find(({ event }) => event.value.type === 'vaultRequest')!
  poller.restore(
    [{ ...request.event, lineage: { ...request.event.lineage, address: mute } as never }],
    block - 1,
  )
  await expect(poller.extend({ fromBlock: block, toBlock: block, observations: [] })).rejects.toMatchObject({
    message: expect.stringMatching(
      `^The vault ${mute} gave no answer at block ${block} about what can be claimed: .*revert`,
    ),
    hint: expect.stringContaining('pollBlocks null'),
    exitCode: 3,
  })
  // What was half taken in is nobody's state.
  expect(poller.throughBlock()).toBeNull()
})

test('a recording cannot be asked, and is refused before anything is read', () => {
  const recorded = { ...chain.source, kind: 'recorded' as const }
  const read = readChainObservations({ source: recorded, contracts, fromBlock: 0, toBlock: 1 })
  return expect(read.next()).rejects.toMatchObject({
    message: `A recording cannot be asked what can be claimed (pollBlocks of asyncVault ${spec.address}).`,
    exitCode: 2,
  })
})
