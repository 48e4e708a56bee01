import { createConfig } from 'ponder'
import { parseAbi } from 'viem'

export default createConfig({
  database: { kind: 'postgres', connectionString: process.env.DATABASE_URL },
  chains: { bench: { id: 31_337, rpc: process.env.BENCH_RPC_URL } },
  contracts: {
    Token: {
      chain: 'bench',
      abi: parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)']),
      address: process.env.BENCH_TOKEN as `0x${string}`,
      startBlock: 1,
    },
  },
})
