import { getAddress } from 'viem'
import { plumeMainnet } from 'viem/chains'
import { expect, test } from 'vitest'
import { type Address, instrumentId } from '../../core/index.ts'
import type { ContractRequest } from '../describe/contractRequest.ts'
import { describeContract } from '../describe/describeContract.ts'
import { plume } from './plume.ts'

const requests: readonly ContractRequest[] = [
  plume.pUSD,
  ...Object.values(plume.nTBILL),
  ...Object.values(plume.nALPHA),
]

test('Plume is the chain that viem knows', () => {
  expect(plume.chain.id).toBe(plumeMainnet.id)
  expect(plume.chain.rpc).toEqual(plumeMainnet.rpcUrls.default.http)
})

test('addresses are those that the issuers publish, in lower case, each once', () => {
  const addresses = requests.map(({ address }) => address)
  expect(new Set(addresses).size).toBe(addresses.length)
  for (const address of addresses) expect(address).toMatch(/^0x[0-9a-f]{40}$/)
  // As published, with their checksums: a mistyped digit would fail here.
  const published: readonly Address[] = [
    '0xdddD73F5Df1F0DC31373357beAC77545dC5A6f3F',
    '0x250c2D14Ed6376fB392FbA1edd2cfd11d2Bf7F12',
    '0x593cCcA4c4bf58b7526a4C164cEEf4003C6388db',
    '0x0342EE795e7864319fB8D48651b47feBf1163C34',
  ]
  for (const address of published) {
    expect(getAddress(address.toLowerCase())).toBe(address)
    expect(addresses).toContain(address.toLowerCase())
  }
})

test('contracts of one asset are about one instrument, and lack only what the chain says', async () => {
  for (const { share, ...others } of [plume.nTBILL, plume.nALPHA])
    for (const other of [share, ...Object.values(others)])
      expect(other.instrument.id).toBe(instrumentId(`eip155:98866/erc20:${share.address}`))
  const instrument = { symbol: 'S', decimals: 6 }
  for (const request of requests) {
    const given = 'instrument' in request ? request.instrument : {}
    const completed = { ...request, instrument: { ...given, ...instrument } } as ContractRequest
    const known =
      request.kind === 'accountant'
        ? { rateDecimals: 6 }
        : request.kind === 'erc20'
          ? {}
          : { assetDecimals: 6 }
    const spec = await describeContract({ ...completed, ...known }, { chainId: 98_866, client: null })
    expect(spec).toMatchObject({ kind: request.kind, address: request.address, instrument })
  }
})
