// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `RevealLog`. */
export const revealLogAbi = [
  {
    "type": "function",
    "name": "reveal",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "revealAtMs",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "key",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "revealMany",
    "inputs": [
      {
        "name": "reveals",
        "type": "tuple[]",
        "internalType": "struct IRevealLog.Reveal[]",
        "components": [
          {
            "name": "agent",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "revealAtMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "key",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "Revealed",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "revealAtMs",
        "type": "uint64",
        "indexed": true,
        "internalType": "uint64"
      },
      {
        "name": "key",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "NothingToReveal",
    "inputs": []
  },
  {
    "type": "error",
    "name": "RevealTooEarly",
    "inputs": [
      {
        "name": "revealAtMs",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "nowMs",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  }
] as const

/** Creation bytecode of the contract `RevealLog`, without constructor arguments. */
export const revealLogBytecode =
  '0x6080604052348015600e575f5ffd5b5061035d8061001c5f395ff3fe608060405234801561000f575f5ffd5b5060043610610034575f3560e01c8063f3154e0d14610038578063f56cd43f1461004d575b5f5ffd5b61004b6100463660046101fe565b610060565b005b61004b61005b3660046102ae565b610124565b80610097576040517f6599c9aa00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f5b8181101561011f576101178383838181106100b6576100b66102e7565b6100cc92602060609092020190810191506102fb565b8484848181106100de576100de6102e7565b90506060020160200160208101906100f6919061031b565b858585818110610108576101086102e7565b9050606002016040013561012b565b600101610099565b505050565b61011f8383835b5f610138426103e8610334565b9050828167ffffffffffffffff808316908216101561019b576040517f32a4639500000000000000000000000000000000000000000000000000000000815267ffffffffffffffff92831660048201529116602482015260440160405180910390fd5b50508267ffffffffffffffff168473ffffffffffffffffffffffffffffffffffffffff167f02d4d877ac0145a2616eda18277c40670a5840e21c43625de4bfaf16a68b5f7e846040516101f091815260200190565b60405180910390a350505050565b5f5f6020838503121561020f575f5ffd5b823567ffffffffffffffff811115610225575f5ffd5b8301601f81018513610235575f5ffd5b803567ffffffffffffffff81111561024b575f5ffd5b85602060608302840101111561025f575f5ffd5b6020919091019590945092505050565b803573ffffffffffffffffffffffffffffffffffffffff81168114610292575f5ffd5b919050565b803567ffffffffffffffff81168114610292575f5ffd5b5f5f5f606084860312156102c0575f5ffd5b6102c98461026f565b92506102d760208501610297565b9150604084013590509250925092565b634e487b7160e01b5f52603260045260245ffd5b5f6020828403121561030b575f5ffd5b6103148261026f565b9392505050565b5f6020828403121561032b575f5ffd5b61031482610297565b808202811582820484141761035757634e487b7160e01b5f52601160045260245ffd5b9291505056' as const
