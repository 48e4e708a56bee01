// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `EventEmitter`. */
export const eventEmitterAbi = [
  {
    "type": "function",
    "name": "note",
    "inputs": [
      {
        "name": "subject",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "text",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "tag",
        "type": "bytes4",
        "internalType": "bytes4"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "settle",
    "inputs": [
      {
        "name": "id",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "legs",
        "type": "tuple[]",
        "internalType": "struct EventEmitter.Leg[]",
        "components": [
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "amount",
            "type": "uint256",
            "internalType": "uint256"
          }
        ]
      },
      {
        "name": "bounds",
        "type": "uint128[2]",
        "internalType": "uint128[2]"
      },
      {
        "name": "proof",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "Noted",
    "inputs": [
      {
        "name": "author",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "subject",
        "type": "string",
        "indexed": true,
        "internalType": "string"
      },
      {
        "name": "text",
        "type": "string",
        "indexed": false,
        "internalType": "string"
      },
      {
        "name": "tag",
        "type": "bytes4",
        "indexed": false,
        "internalType": "bytes4"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Settled",
    "inputs": [
      {
        "name": "id",
        "type": "uint64",
        "indexed": true,
        "internalType": "uint64"
      },
      {
        "name": "legs",
        "type": "tuple[]",
        "indexed": false,
        "internalType": "struct EventEmitter.Leg[]",
        "components": [
          {
            "name": "token",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "amount",
            "type": "uint256",
            "internalType": "uint256"
          }
        ]
      },
      {
        "name": "bounds",
        "type": "uint128[2]",
        "indexed": false,
        "internalType": "uint128[2]"
      },
      {
        "name": "proof",
        "type": "bytes",
        "indexed": false,
        "internalType": "bytes"
      }
    ],
    "anonymous": false
  }
] as const

/** Creation bytecode of the contract `EventEmitter`, without constructor arguments. */
export const eventEmitterBytecode =
  '0x6080604052348015600e575f5ffd5b506104458061001c5f395ff3fe608060405234801561000f575f5ffd5b5060043610610034575f3560e01c8063d40dc73914610038578063d9fc29431461004d575b5f5ffd5b61004b610046366004610168565b610060565b005b61004b61005b366004610225565b6100d1565b84846040516100709291906102f6565b60405180910390203373ffffffffffffffffffffffffffffffffffffffff167f2db53240316fd1ef2b02fb35d7d9ce34054d47bfb4545060af2fa380c9ee3fb88585856040516100c29392919061032d565b60405180910390a35050505050565b8567ffffffffffffffff167fd3b29c3c5318795e70a3841e2bc9b4613adf4178e723405de483dc09bfc0f0da86868686866040516101139594939291906103ba565b60405180910390a2505050505050565b5f5f83601f840112610133575f5ffd5b50813567ffffffffffffffff81111561014a575f5ffd5b602083019150836020828501011115610161575f5ffd5b9250929050565b5f5f5f5f5f6060868803121561017c575f5ffd5b853567ffffffffffffffff811115610192575f5ffd5b61019e88828901610123565b909650945050602086013567ffffffffffffffff8111156101bd575f5ffd5b6101c988828901610123565b90945092505060408601357fffffffff0000000000000000000000000000000000000000000000000000000081168114610201575f5ffd5b809150509295509295909350565b806040810183101561021f575f5ffd5b92915050565b5f5f5f5f5f5f60a0878903121561023a575f5ffd5b863567ffffffffffffffff81168114610251575f5ffd5b9550602087013567ffffffffffffffff81111561026c575f5ffd5b8701601f8101891361027c575f5ffd5b803567ffffffffffffffff811115610292575f5ffd5b8960208260061b84010111156102a6575f5ffd5b602091909101955093506102bd886040890161020f565b9250608087013567ffffffffffffffff8111156102d8575f5ffd5b6102e489828a01610123565b979a9699509497509295939492505050565b818382375f9101908152919050565b81835281816020850137505f828201602090810191909152601f909101601f19169091010190565b604081525f610340604083018587610305565b90507fffffffff0000000000000000000000000000000000000000000000000000000083166020830152949350505050565b805f5b60028110156103b45781356fffffffffffffffffffffffffffffffff811680821461039e575f5ffd5b8552506020938401939190910190600101610375565b50505050565b608080825281018590525f8660a08301825b8881101561041757823573ffffffffffffffffffffffffffffffffffffffff81168082146103f8575f5ffd5b83525060208381013590830152604092830192909101906001016103cc565b506104256020850188610372565b8381036060850152610438818688610305565b999850505050505050505056' as const
