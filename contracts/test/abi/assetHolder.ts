// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `AssetHolder`. */
export const assetHolderAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "asset_",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "asset",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  }
] as const

/** Creation bytecode of the contract `AssetHolder`, without constructor arguments. */
export const assetHolderBytecode =
  '0x60a0604052348015600e575f5ffd5b506040516100f43803806100f4833981016040819052602b91603b565b6001600160a01b03166080526066565b5f60208284031215604a575f5ffd5b81516001600160a01b0381168114605f575f5ffd5b9392505050565b608051607961007b5f395f602e015260795ff3fe6080604052348015600e575f5ffd5b50600436106026575f3560e01c806338d52e0f14602a575b5f5ffd5b60507f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff909116815260200160405180910390f3' as const
