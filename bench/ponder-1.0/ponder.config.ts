import { createConfig } from 'ponder'
import { http, parseAbi } from 'viem'

export default createConfig({
  database: { kind: 'postgres', connectionString: process.env.DATABASE_URL },
  networks: { bench: { chainId: 31_337, transport: http(process.env.BENCH_RPC_URL) } },
  contracts: {
    Token: {
      network: 'bench',
      abi: parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)']),
      address: process.env.BENCH_TOKEN as `0x${string}`,
      startBlock: 1,
    },
  },
})
