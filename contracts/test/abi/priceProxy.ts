// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `PriceProxy`. */
export const priceProxyAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "aggregator_",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "aggregator",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "decimals",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint8",
        "internalType": "uint8"
      }
    ],
    "stateMutability": "view"
  }
] as const

/** Creation bytecode of the contract `PriceProxy`, without constructor arguments. */
export const priceProxyBytecode =
  '0x60a0604052348015600e575f5ffd5b506040516101e03803806101e0833981016040819052602b91603b565b6001600160a01b03166080526066565b5f60208284031215604a575f5ffd5b81516001600160a01b0381168114605f575f5ffd5b9392505050565b60805161015d6100835f395f8181603d015260a6015261015d5ff3fe608060405234801561000f575f5ffd5b5060043610610034575f3560e01c8063245a7bfc14610038578063313ce56714610089575b5f5ffd5b61005f7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020015b60405180910390f35b6100916100a3565b60405160ff9091168152602001610080565b5f7f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff1663313ce5676040518163ffffffff1660e01b8152600401602060405180830381865afa15801561010d573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906101319190610136565b905090565b5f60208284031215610146575f5ffd5b815160ff81168114610156575f5ffd5b939250505056' as const
