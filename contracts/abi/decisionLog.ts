// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `DecisionLog`. */
export const decisionLogAbi = [
  {
    "type": "function",
    "name": "commit",
    "inputs": [
      {
        "name": "firstSequence",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "leaves",
        "type": "bytes32[]",
        "internalType": "bytes32[]"
      }
    ],
    "outputs": [
      {
        "name": "root",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "headOf",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "head",
        "type": "uint192",
        "internalType": "uint192"
      },
      {
        "name": "nextSequence",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "verify",
    "inputs": [
      {
        "name": "root",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "leaf",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "proof",
        "type": "bytes32[]",
        "internalType": "bytes32[]"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "pure"
  },
  {
    "type": "event",
    "name": "BatchCommitted",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "firstSequence",
        "type": "uint64",
        "indexed": true,
        "internalType": "uint64"
      },
      {
        "name": "count",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      },
      {
        "name": "root",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "head",
        "type": "uint192",
        "indexed": false,
        "internalType": "uint192"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "EmptyBatch",
    "inputs": []
  },
  {
    "type": "error",
    "name": "SequenceGap",
    "inputs": [
      {
        "name": "expected",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "given",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  }
] as const

/** Creation bytecode of the contract `DecisionLog`, without constructor arguments. */
export const decisionLogBytecode =
  '0x6080604052348015600e575f5ffd5b5061060d8061001c5f395ff3fe608060405234801561000f575f5ffd5b506004361061003f575f3560e01c80631db0e136146100435780633423e548146100db578063f3905644146100fe575b5f5ffd5b6100ae61005136600461049f565b73ffffffffffffffffffffffffffffffffffffffff165f908152602081815260409182902082518084019093525467ffffffffffffffff8116808452680100000000000000009091046001600160c01b0316929091018290529091565b604080516001600160c01b03909316835267ffffffffffffffff9091166020830152015b60405180910390f35b6100ee6100e9366004610521565b61011f565b60405190151581526020016100d2565b61011161010c366004610570565b610135565b6040519081526020016100d2565b5f61012c83838787610319565b95945050505050565b5f8161016d576040517fc2e5347d00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b335f908152602081815260409182902082518084019093525467ffffffffffffffff808216808552680100000000000000009092046001600160c01b03169284019290925290869081168214610207576040517f104d005000000000000000000000000000000000000000000000000000000000815267ffffffffffffffff92831660048201529116602482015260440160405180910390fd5b508390506102158582610330565b602083810151604080516001600160c01b039092168284015281810184905267ffffffffffffffff8a8116606084015285166080808401919091528151808403909101815260a083018083528151919094012060e090920190529194508061027d848a6105cd565b67ffffffffffffffff90811682526001600160c01b038481166020938401819052335f8181528086526040908190208751978701519094166801000000000000000002968516969096179092558451878416815293840189905293830193909352891691907f323ecc51c44ab6bf44243ee9b9a9bbfe448ff7980a138b237c76a6633786014e9060600160405180910390a35050509392505050565b5f8261032686868561042d565b1495945050505050565b5f5f8383808060200260200160405190810160405280939291908181526020018383602002808284375f920182905250845194955085935091505082610378576103786105f9565b602090810291909101015192505f805b60018303811015610423575f8483815181106103a6576103a66105f9565b602002602001015190508383600101935083036103c1575f92505b5f8584815181106103d4576103d46105f9565b602002602001015190508484600101945084036103ef575f93505b6103f9828261046e565b96508686848151811061040e5761040e6105f9565b60209081029190910101525050600101610388565b5050505092915050565b5f81815b848110156104655761045b8287878481811061044f5761044f6105f9565b9050602002013561046e565b9150600101610431565b50949350505050565b5f818310610488575f828152602084905260409020610496565b5f8381526020839052604090205b90505b92915050565b5f602082840312156104af575f5ffd5b813573ffffffffffffffffffffffffffffffffffffffff811681146104d2575f5ffd5b9392505050565b5f5f83601f8401126104e9575f5ffd5b50813567ffffffffffffffff811115610500575f5ffd5b6020830191508360208260051b850101111561051a575f5ffd5b9250929050565b5f5f5f5f60608587031215610534575f5ffd5b8435935060208501359250604085013567ffffffffffffffff811115610558575f5ffd5b610564878288016104d9565b95989497509550505050565b5f5f5f60408486031215610582575f5ffd5b833567ffffffffffffffff81168114610599575f5ffd5b9250602084013567ffffffffffffffff8111156105b4575f5ffd5b6105c0868287016104d9565b9497909650939450505050565b67ffffffffffffffff818116838216019081111561049957634e487b7160e01b5f52601160045260245ffd5b634e487b7160e01b5f52603260045260245ffd' as const
