// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `LinearVerifier`. */
export const linearVerifierAbi = [
  {
    "type": "function",
    "name": "INPUTS",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "asVerifier",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "contract IModelVerifier"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "compile",
    "inputs": [
      {
        "name": "model",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "score",
    "inputs": [
      {
        "name": "model",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "features",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [
      {
        "name": "sum",
        "type": "int32",
        "internalType": "int32"
      },
      {
        "name": "ppm",
        "type": "uint32",
        "internalType": "uint32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "error",
    "name": "SafeCastOverflowedIntToUint",
    "inputs": [
      {
        "name": "value",
        "type": "int256",
        "internalType": "int256"
      }
    ]
  },
  {
    "type": "error",
    "name": "SafeCastOverflowedUintDowncast",
    "inputs": [
      {
        "name": "bits",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "UnknownModel",
    "inputs": [
      {
        "name": "model",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "WrongFeatures",
    "inputs": [
      {
        "name": "expected",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "given",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  }
] as const

/** Creation bytecode of the contract `LinearVerifier`, without constructor arguments. */
export const linearVerifierBytecode =
  '0x6080604052348015600e575f5ffd5b506103d98061001c5f395ff3fe608060405234801561000f575f5ffd5b506004361061004a575f3560e01c806314aa21611461004e5780633881780814610078578063c2e7248d1461008b578063ead18f12146100bd575b5f5ffd5b61007661005c36600461028b565b5f908152602081905260409020805460ff19166001179055565b005b6040513081526020015b60405180910390f35b61009e6100993660046102a2565b6100d3565b6040805160039390930b835263ffffffff909116602083015201610082565b6100c5602081565b604051908152602001610082565b5f838152602081905260408120548190859060ff1661012a576040517fa2dc062500000000000000000000000000000000000000000000000000000000815260040161012191815260200190565b60405180910390fd5b50602083808214610170576040517f2f21467900000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610121565b505f90505b60208110156101ca5785816020811061019057610190610319565b1a5f0b8585838181106101a5576101a5610319565b6101b69392013560f81d9050610341565b6101c09084610367565b9250600101610175565b506101f66101f16101dc600285610394565b6101e9906207a120610367565b60030b610200565b610242565b9050935093915050565b5f5f82121561023e576040517fa8ce443200000000000000000000000000000000000000000000000000000000815260048101839052602401610121565b5090565b5f63ffffffff82111561023e576040517f6dfcc6500000000000000000000000000000000000000000000000000000000081526020600482015260248101839052604401610121565b5f6020828403121561029b575f5ffd5b5035919050565b5f5f5f604084860312156102b4575f5ffd5b83359250602084013567ffffffffffffffff8111156102d1575f5ffd5b8401601f810186136102e1575f5ffd5b803567ffffffffffffffff8111156102f7575f5ffd5b866020828401011115610308575f5ffd5b939660209190910195509293505050565b634e487b7160e01b5f52603260045260245ffd5b634e487b7160e01b5f52601160045260245ffd5b5f8260030b8260030b028060030b91508082146103605761036061032d565b5092915050565b600381810b9083900b01637fffffff8113637fffffff198212171561038e5761038e61032d565b92915050565b5f8160030b8360030b806103b657634e487b7160e01b5f52601260045260245ffd5b637fffffff1982145f19821416156103d0576103d061032d565b9005939250505056' as const
