// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `RateAccountant`. */
export const rateAccountantAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "vault_",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "base_",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "decimals_",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "rate",
        "type": "uint96",
        "internalType": "uint96"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "base",
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
  },
  {
    "type": "function",
    "name": "getRate",
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
    "name": "updateExchangeRate",
    "inputs": [
      {
        "name": "newRate",
        "type": "uint96",
        "internalType": "uint96"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "vault",
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
    "type": "event",
    "name": "ExchangeRateUpdated",
    "inputs": [
      {
        "name": "oldRate",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      },
      {
        "name": "newRate",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      },
      {
        "name": "currentTime",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  }
] as const

/** Creation bytecode of the contract `RateAccountant`, without constructor arguments. */
export const rateAccountantBytecode =
  '0x60e060405234801561000f575f5ffd5b5060405161031a38038061031a83398101604081905261002e91610089565b6001600160a01b039384166080529190921660a05260ff90911660c0525f80546001600160601b0319166001600160601b039092169190911790556100ef565b80516001600160a01b0381168114610084575f5ffd5b919050565b5f5f5f5f6080858703121561009c575f5ffd5b6100a58561006e565b93506100b36020860161006e565b9250604085015160ff811681146100c8575f5ffd5b60608601519092506001600160601b03811681146100e4575f5ffd5b939692955090935050565b60805160a05160c0516102036101175f395f606d01525f60c001525f61012a01526102035ff3fe608060405234801561000f575f5ffd5b5060043610610064575f3560e01c80635001f3b51161004d5780635001f3b5146100bb578063679aefce14610107578063fbfa77cf14610125575f5ffd5b8063313ce567146100685780633458113d146100a6575b5f5ffd5b61008f7f000000000000000000000000000000000000000000000000000000000000000081565b60405160ff90911681526020015b60405180910390f35b6100b96100b43660046101d1565b61014c565b005b6100e27f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff909116815260200161009d565b5f546bffffffffffffffffffffffff1660405190815260200161009d565b6100e27f000000000000000000000000000000000000000000000000000000000000000081565b5f54604080516bffffffffffffffffffffffff928316815291831660208301524267ffffffffffffffff1682820152517fa95bc6aba40bbc4d95fc35f118c4cd8b53fc5d5b89ed264002af03503a7a94399181900360600190a15f80546bffffffffffffffffffffffff19166bffffffffffffffffffffffff92909216919091179055565b5f602082840312156101e1575f5ffd5b81356bffffffffffffffffffffffff811681146101fc575f5ffd5b939250505056' as const
