// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `MerkleTree`. */
export const merkleTreeAbi = [] as const

/** Creation bytecode of the contract `MerkleTree`, without constructor arguments. */
export const merkleTreeBytecode =
  '0x601f6032600b8282823980515f1a607314602657634e487b7160e01b5f525f60045260245ffd5b305f52607381538281f3fe730000000000000000000000000000000000000000301460806040525f5ffd' as const
