// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `Challenge`. */
export const challengeAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "log_",
        "type": "address",
        "internalType": "contract IDecisionLog"
      },
      {
        "name": "verifier_",
        "type": "address",
        "internalType": "contract IModelVerifier"
      },
      {
        "name": "token",
        "type": "address",
        "internalType": "contract IERC20"
      },
      {
        "name": "challengeWindowSeconds",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "unbondingSeconds",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "rewardSharePpm",
        "type": "uint32",
        "internalType": "uint32"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "equivocation",
    "inputs": [
      {
        "name": "record",
        "type": "tuple",
        "internalType": "struct DecisionRecord",
        "components": [
          {
            "name": "agent",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "sequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "kind",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "instrument",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "timeMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "source",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "block",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "logIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "dataRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "featureSet",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "features",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "model",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "strategy",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "output",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "explanationHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "revealAtMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "other",
        "type": "tuple",
        "internalType": "struct DecisionRecord",
        "components": [
          {
            "name": "agent",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "sequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "kind",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "instrument",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "timeMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "source",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "block",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "logIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "dataRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "featureSet",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "features",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "model",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "strategy",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "output",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "explanationHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "revealAtMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "otherSignature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "falseOutput",
    "inputs": [
      {
        "name": "record",
        "type": "tuple",
        "internalType": "struct DecisionRecord",
        "components": [
          {
            "name": "agent",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "sequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "kind",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "instrument",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "timeMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "source",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "block",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "logIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "dataRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "featureSet",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "features",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "model",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "strategy",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "output",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "explanationHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "revealAtMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "proof",
        "type": "tuple",
        "internalType": "struct IChallenge.Proof",
        "components": [
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "anchor",
            "type": "tuple",
            "internalType": "struct IDecisionLog.Anchor",
            "components": [
              {
                "name": "headBefore",
                "type": "uint192",
                "internalType": "uint192"
              },
              {
                "name": "firstSequence",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "count",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "root",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "proof",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              },
              {
                "name": "later",
                "type": "tuple[]",
                "internalType": "struct IDecisionLog.Batch[]",
                "components": [
                  {
                    "name": "count",
                    "type": "uint64",
                    "internalType": "uint64"
                  },
                  {
                    "name": "root",
                    "type": "bytes32",
                    "internalType": "bytes32"
                  }
                ]
              }
            ]
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "isAnchored",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "sequence",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "leaf",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "anchor",
        "type": "tuple",
        "internalType": "struct IDecisionLog.Anchor",
        "components": [
          {
            "name": "headBefore",
            "type": "uint192",
            "internalType": "uint192"
          },
          {
            "name": "firstSequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "count",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "root",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "proof",
            "type": "bytes32[]",
            "internalType": "bytes32[]"
          },
          {
            "name": "later",
            "type": "tuple[]",
            "internalType": "struct IDecisionLog.Batch[]",
            "components": [
              {
                "name": "count",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "root",
                "type": "bytes32",
                "internalType": "bytes32"
              }
            ]
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "isKnownHead",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "head",
        "type": "uint192",
        "internalType": "uint192"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "leafOf",
    "inputs": [
      {
        "name": "record",
        "type": "tuple",
        "internalType": "struct DecisionRecord",
        "components": [
          {
            "name": "agent",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "sequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "kind",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "instrument",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "timeMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "source",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "block",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "logIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "dataRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "featureSet",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "features",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "model",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "strategy",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "output",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "explanationHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "revealAtMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "log",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "contract IDecisionLog"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "rememberHead",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "head",
        "type": "uint192",
        "internalType": "uint192"
      },
      {
        "name": "nextSequence",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "later",
        "type": "tuple[]",
        "internalType": "struct IDecisionLog.Batch[]",
        "components": [
          {
            "name": "count",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "root",
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
    "type": "function",
    "name": "revealMismatch",
    "inputs": [
      {
        "name": "record",
        "type": "tuple",
        "internalType": "struct DecisionRecord",
        "components": [
          {
            "name": "agent",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "sequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "kind",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "instrument",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "timeMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "source",
            "type": "string",
            "internalType": "string"
          },
          {
            "name": "block",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "logIndex",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "dataRoot",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "featureSet",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "features",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "model",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "strategy",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "output",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "explanationHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "revealAtMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "leaf",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "anchor",
        "type": "tuple",
        "internalType": "struct IDecisionLog.Anchor",
        "components": [
          {
            "name": "headBefore",
            "type": "uint192",
            "internalType": "uint192"
          },
          {
            "name": "firstSequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "count",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "root",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "proof",
            "type": "bytes32[]",
            "internalType": "bytes32[]"
          },
          {
            "name": "later",
            "type": "tuple[]",
            "internalType": "struct IDecisionLog.Batch[]",
            "components": [
              {
                "name": "count",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "root",
                "type": "bytes32",
                "internalType": "bytes32"
              }
            ]
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "sealedMismatch",
    "inputs": [
      {
        "name": "envelope",
        "type": "tuple",
        "internalType": "struct SealedEnvelope",
        "components": [
          {
            "name": "agent",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "sequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "leaf",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "revealAtMs",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "keyHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "ciphertextHash",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "leaf",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "anchor",
        "type": "tuple",
        "internalType": "struct IDecisionLog.Anchor",
        "components": [
          {
            "name": "headBefore",
            "type": "uint192",
            "internalType": "uint192"
          },
          {
            "name": "firstSequence",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "count",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "root",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "proof",
            "type": "bytes32[]",
            "internalType": "bytes32[]"
          },
          {
            "name": "later",
            "type": "tuple[]",
            "internalType": "struct IDecisionLog.Batch[]",
            "components": [
              {
                "name": "count",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "root",
                "type": "bytes32",
                "internalType": "bytes32"
              }
            ]
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "stake",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "contract IAgentStake"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "verifier",
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
    "type": "event",
    "name": "HeadRemembered",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "indexed": true,
        "internalType": "address"
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
    "type": "event",
    "name": "LieProved",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "challenger",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "lie",
        "type": "uint8",
        "indexed": true,
        "internalType": "enum IChallenge.Lie"
      },
      {
        "name": "sequence",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      },
      {
        "name": "leaf",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "otherLeaf",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "amount",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "DifferentDecisions",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NoPrediction",
    "inputs": [
      {
        "name": "kind",
        "type": "uint8",
        "internalType": "uint8"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotAuthentic",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "sequence",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "leaf",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "OutputIsTrue",
    "inputs": [
      {
        "name": "score",
        "type": "int32",
        "internalType": "int32"
      },
      {
        "name": "probabilityUpPpm",
        "type": "uint32",
        "internalType": "uint32"
      }
    ]
  },
  {
    "type": "error",
    "name": "ProvedBefore",
    "inputs": [
      {
        "name": "leaf",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "otherLeaf",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "StatementsAgree",
    "inputs": [
      {
        "name": "leaf",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "UnrelatedHead",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "head",
        "type": "uint192",
        "internalType": "uint192"
      }
    ]
  }
] as const

/** Creation bytecode of the contract `Challenge`, without constructor arguments. */
export const challengeBytecode =
  '0x60e060405234801561000f575f5ffd5b506040516143a73803806143a783398101604081905261002e91610102565b6001600160a01b03808716608052851660a05260405186908590859085908590610057906100c3565b6001600160a01b0395861681529490931660208501526001600160401b03918216604085015216606083015263ffffffff16608082015260a001604051809103905ff0801580156100aa573d5f5f3e3d5ffd5b506001600160a01b031660c05250610186945050505050565b611d508061265783390190565b6001600160a01b03811681146100e4575f5ffd5b50565b80516001600160401b03811681146100fd575f5ffd5b919050565b5f5f5f5f5f5f60c08789031215610117575f5ffd5b8651610122816100d0565b6020880151909650610133816100d0565b6040880151909550610144816100d0565b9350610152606088016100e7565b9250610160608088016100e7565b915060a087015163ffffffff81168114610178575f5ffd5b809150509295509295509295565b60805160a05160c0516124706101e75f395f818161011101526112a101525f818160cd0152610b8401525f818161015b0152818161028601528181610314015281816103f3015281816106160152818161107e01526113fe01526124705ff3fe608060405234801561000f575f5ffd5b50600436106100c4575f3560e01c8063894567981161007d578063c86c0aca11610058578063c86c0aca146101d7578063d676abc0146101ea578063f8a28448146101ff575f5ffd5b8063894567981461019e5780639b1bfa62146101b1578063c1b6c4ab146101c4575f5ffd5b806342ffda7f116100ad57806342ffda7f1461013357806351973ec9146101565780637316fc641461017d575f5ffd5b80632b7ac3f3146100c85780633a4b66f11461010c575b5f5ffd5b6100ef7f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020015b60405180910390f35b6100ef7f000000000000000000000000000000000000000000000000000000000000000081565b610146610141366004611ac2565b610212565b6040519015158152602001610103565b6100ef7f000000000000000000000000000000000000000000000000000000000000000081565b61019061018b366004611b10565b61030b565b604051908152602001610103565b6101906101ac366004611b97565b6103e9565b6101466101bf366004611c32565b6105bc565b6101906101d2366004611c9a565b6107ab565b6101906101e5366004611d5e565b6108ed565b6101fd6101f8366004611de2565b61097d565b005b61019061020d366004611e87565b610a50565b6001600160a01b0382165f908152602081815260408083206001600160c01b038516845290915281205460ff161561024c57506001610305565b6040517f1db0e1360000000000000000000000000000000000000000000000000000000081526001600160a01b0384811660048301525f917f000000000000000000000000000000000000000000000000000000000000000090911690631db0e13690602401606060405180830381865afa1580156102cd573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906102f19190611ee7565b50506001600160c01b038481169116149150505b92915050565b5f6103056103e27f0000000000000000000000000000000000000000000000000000000000000000604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527fabf87fe46b8c450a1f96a0ab960b928ecd9c8f11646d24c432d2eeeaa6bc7e95918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201526001600160a01b03821660a08201525f9060c001604051602081830303815290604052805190602001209050919050565b8390610cc2565b5f5f6104c86104c17f0000000000000000000000000000000000000000000000000000000000000000604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527fabf87fe46b8c450a1f96a0ab960b928ecd9c8f11646d24c432d2eeeaa6bc7e95918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201526001600160a01b03821660a08201525f9060c001604051602081830303815290604052805190602001209050919050565b8890610f2f565b90505f6104d6828888610feb565b509091506104f290506104ec60208a018a611f37565b82611032565b6104ff60208a018a611f37565b61050f60408b0160208c01611f52565b849091926105575760405163429e183360e01b81526001600160a01b03909316600484015267ffffffffffffffff909116602483015260448201526064015b60405180910390fd5b50610583915061056c905060208a018a611f37565b61057c60408b0160208c01611f52565b8787611103565b6105b0600261059560208b018b611f37565b6105a560408c0160208d01611f52565b8b604001358961115d565b98975050505050505050565b5f6105cd6040830160208401611f52565b67ffffffffffffffff168467ffffffffffffffff1610156105ef57505f6107a3565b5f6106006040840160208501611f52565b61060a9086611f81565b90506001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016633cc860156060850180359061064f9060408801611f52565b848861065e60808a018a611fa1565b6040518763ffffffff1660e01b815260040161067f96959493929190611fe7565b602060405180830381865afa15801561069a573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906106be9190612074565b6106cb575f9150506107a3565b5f6107586106dc602086018661208f565b60608601356106f16040880160208901611f52565b6107016060890160408a01611f52565b604080516001600160c01b038616602082015290810184905267ffffffffffffffff8084166060830152821660808201525f9060a00160408051601f19818403018152919052805160209091012095945050505050565b905061079e87610141836107726060890160408a01611f52565b61078260408a0160208b01611f52565b61078c91906120aa565b61079960a08a018a6120ca565b61138a565b925050505b949350505050565b5f6107b96020850185611f37565b6001600160a01b03166107cf6020890189611f37565b6001600160a01b031614801561081657506107f06040850160208601611f52565b67ffffffffffffffff1661080a6040890160208a01611f52565b67ffffffffffffffff16145b61084c576040517f4809dc0b00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f5f6108578961030b565b6108608761030b565b909250905061088d61087560208b018b611f37565b61088560408c0160208d01611f52565b848b8b6113f8565b6108b561089d60208b018b611f37565b6108ad60408c0160208d01611f52565b8388886113f8565b6108de60016108c760208c018c611f37565b6108d760408d0160208e01611f52565b858561115d565b925050505b9695505050505050565b5f5f6108f88761030b565b905061092261090a6020890189611f37565b61091a60408a0160208b01611f52565b8389896113f8565b6109496109326020890189611f37565b61094260408a0160208b01611f52565b8686611103565b610972600261095b60208a018a611f37565b61096b60408b0160208c01611f52565b848861115d565b979650505050505050565b61098d856101418686868661138a565b858590916109e1576040517fa1689b9d0000000000000000000000000000000000000000000000000000000081526001600160a01b0390921660048301526001600160c01b0316602482015260440161054e565b50506001600160a01b0385165f818152602081815260408083206001600160c01b03891680855290835292819020805460ff19166001179055519182527fd2f7410c20646874ba64b4851b4a1d0dca185b85b1668045a4bacce8ffa25a52910160405180910390a25050505050565b5f5f610a5b8461030b565b90505f610a688480612110565b90501115610aa557610aa0610a806020860186611f37565b610a906040870160208801611f52565b83610a9b8780612110565b6113f8565b610ad8565b610ad8610ab56020860186611f37565b610ac56040870160208801611f52565b83610ad36020880188612153565b611103565b5f610ae96060860160408701612171565b60ff1614610afd6060860160408701612171565b90610b21576040516354da8e3b60e11b815260ff909116600482015260240161054e565b505f8080610b3b610b366101a0890189612110565b61153a565b9194509250905082610b536060890160408a01612171565b90610b77576040516354da8e3b60e11b815260ff909116600482015260240161054e565b505f806001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663c2e7248d6101608b0135610bbd6101408d018d612110565b6040518463ffffffff1660e01b8152600401610bdb93929190612191565b6040805180830381865afa158015610bf5573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610c1991906121e5565b915091508160030b8460030b141580610c3e57508063ffffffff168363ffffffff1614155b82829091610c8a576040517f68f0512900000000000000000000000000000000000000000000000000000000815260039290920b600483015263ffffffff16602482015260440161054e565b50610cb590505f610c9e60208c018c611f37565b610cae60408d0160208e01611f52565b895f61115d565b9998505050505050505050565b5f807fda6f145613ce93c2dbdae3f443cd523fd6e7c4fa786ada350c536138eb31e8a3610cf26020860186611f37565b610d026040870160208801611f52565b610d126060880160408901612171565b610d1f6060890189612110565b604051610d2d929190612212565b604051908190039020610d4660a08a0160808b01611f52565b610d5360a08b018b612110565b604051610d61929190612212565b604051908190039020610d7a60e08c0160c08d01611f52565b610d8b6101008d0160e08e01611f52565b60408051602081019a909a526001600160a01b039098169789019790975267ffffffffffffffff958616606089015260ff909416608088015260a0870192909252831660c086015260e08501528116610100840152166101208201526101400160408051601f1981840301815291905290505f610100850135610120860135610e18610140880188612110565b604051610e26929190612212565b604051908190039020610160880135610180890135610e496101a08b018b612110565b604051610e57929190612212565b6040519081900390206101c08b0135610e786102008d016101e08e01611f52565b6040805160208101999099528801969096526060870194909452608086019290925260a085015260c084015260e083015267ffffffffffffffff16610100820152610200860135610120820152610140016040516020818303038152906040529050610f26848383604051602001610ef1929190612238565b6040516020818303038152906040528051906020012060405161190160f01b8152600281019290925260228201526042902090565b95945050505050565b5f610fe4827f07c7259e4ec7a4d5466b0d316d3738805246a5b6200520e43bee9f1189b784f0610f626020870187611f37565b610f726040880160208901611f52565b6040880135610f8760808a0160608b01611f52565b6040805160208101969096526001600160a01b039094169385019390935267ffffffffffffffff9182166060850152608084810191909152911660a0838101919091529087013560c083015286013560e082015261010001610ef1565b9392505050565b5f8080604184900361101f578435602086013560408701355f1a6110118982858561155b565b955095509550505050611029565b505f915060029050825b93509350939050565b5f6001600160a01b03821615801590610fe457506040517ffa073d760000000000000000000000000000000000000000000000000000000081526001600160a01b0384811660048301527f0000000000000000000000000000000000000000000000000000000000000000169063fa073d7690602401602060405180830381865afa1580156110c3573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906110e7919061224c565b6001600160a01b0316826001600160a01b031614905092915050565b61110f848484846105bc565b8484849091926111545760405163429e183360e01b81526001600160a01b03909316600484015267ffffffffffffffff9091166024830152604482015260640161054e565b50505050505050565b5f8280830361119b576040517fbcad07d400000000000000000000000000000000000000000000000000000000815260040161054e91815260200190565b505f5f8385106111ac5783856111af565b84845b604080516001600160a01b038b1660208201529081018390526060810182905291935091505f9060800160408051601f1981840301815291815281516020928301205f81815260019093529120549091508690869060ff1615611247576040517f766d3d5f0000000000000000000000000000000000000000000000000000000081526004810192909252602482015260440161054e565b50505f81815260016020819052604091829020805460ff19169091179055517f7aeccce90000000000000000000000000000000000000000000000000000000081526001600160a01b0389811660048301523360248301527f00000000000000000000000000000000000000000000000000000000000000001690637aeccce9906044016020604051808303815f875af11580156112e7573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061130b9190612267565b935088600281111561131f5761131f61227e565b6040805167ffffffffffffffff8a168152602081018990529081018790526060810186905233906001600160a01b038b16907f73602a7b65b391cf6280b2128cf7126d8418ea50dd170d318eaa3f596822ebb99060800160405180910390a450505095945050505050565b5f805b828110156113ee57368484838181106113a8576113a8612292565b6040029190910191506113ca9050876020830180359089906107019086611f52565b96506113d96020820182611f52565b6113e390876120aa565b95505060010161138d565b5093949350505050565b5f6114cc7f0000000000000000000000000000000000000000000000000000000000000000604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527fabf87fe46b8c450a1f96a0ab960b928ecd9c8f11646d24c432d2eeeaa6bc7e95918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201526001600160a01b03821660a08201525f9060c001604051602081830303815290604052805190602001209050919050565b90505f6114dd878787878787611623565b90506114e98782611032565b87878790919261152e5760405163429e183360e01b81526001600160a01b03909316600484015267ffffffffffffffff9091166024830152604482015260640161054e565b50505050505050505050565b5f8080611549848601866122a6565b919b909a509098509650505050505050565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a084111561159457505f91506003905082611619565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa1580156115e5573d5f5f3e3d5ffd5b5050604051601f1901519150506001600160a01b03811661161057505f925060019150829050611619565b92505f91508190505b9450945094915050565b5f8460418414611683575f5f61163c8a8a8a8a8a61169d565b9150915081611650575f93505050506108e3565b60405161190160f01b8152600281018690526022810182905260429020925061167c60415f888a61233b565b9650965050505b61168e818686610feb565b50909998505050505050505050565b5f806116ab60416008612362565b6116b6906008612362565b8310806116ee575060206116cc60416008612362565b6116d7906008612362565b6116e19085612375565b6116eb919061239c565b15155b156116fd57505f90508061195c565b5f8460418561170d826008612362565b9261171a9392919061233b565b611723916123af565b60c01c90505f858561173760416008612362565b9061174460416008612362565b61174f906008612362565b9261175c9392919061233b565b611765916123af565b60c01c90508167ffffffffffffffff168867ffffffffffffffff16101561179457505f925082915061195c9050565b5f60206117a360416008612362565b6117ae906008612362565b6117b89088612375565b6117c29190612415565b67ffffffffffffffff8111156117da576117da612428565b604051908082528060200260200182016040528015611803578160200160208202803683370190505b5090505f5b81518110156118b257878761181e83602061243c565b61182a60416008612362565b611835906008612362565b61183f9190612362565b9061184b846001612362565b61185690602061243c565b61186260416008612362565b61186d906008612362565b6118779190612362565b926118849392919061233b565b61188d91612453565b82828151811061189f5761189f612292565b6020908102919091010152600101611808565b505f6118dd67ffffffffffffffff84166118cc868d611f81565b67ffffffffffffffff168b85611966565b604080517f461db4f4fb6d94c69f33a28c418126ba4362cb5f2376f8367f622aa948e8008860208201526001600160a01b038f169181019190915267ffffffffffffffff80881660608301528616608082015260a08101829052919750915060c001604051602081830303815290604052805190602001209450505050505b9550959350505050565b5f5f85851061197957505f905080611a8e565b5f611985600188612375565b85925090505f5b8451811015611a8957815f036119aa57505f9250829150611a8e9050565b6119b560028861239c565b600114806119c257508187145b15611a37576119f38582815181106119dc576119dc612292565b6020026020010151845f9182526020526040902090565b92505b611a0160028861239c565b158015611a0d57508615155b15611a3257611a1d600288612415565b611a28600284612415565b90975091506119f6565b611a66565b611a6383868381518110611a4d57611a4d612292565b60200260200101515f9182526020526040902090565b92505b611a71600288612415565b611a7c600284612415565b909750915060010161198c565b501591505b94509492505050565b6001600160a01b0381168114611aab575f5ffd5b50565b6001600160c01b0381168114611aab575f5ffd5b5f5f60408385031215611ad3575f5ffd5b8235611ade81611a97565b91506020830135611aee81611aae565b809150509250929050565b5f6102208284031215611b0a575f5ffd5b50919050565b5f60208284031215611b20575f5ffd5b813567ffffffffffffffff811115611b36575f5ffd5b6107a384828501611af9565b5f60c08284031215611b0a575f5ffd5b5f5f83601f840112611b62575f5ffd5b50813567ffffffffffffffff811115611b79575f5ffd5b602083019150836020828501011115611b90575f5ffd5b9250929050565b5f5f5f5f5f6101208688031215611bac575f5ffd5b611bb68787611b42565b945060c086013567ffffffffffffffff811115611bd1575f5ffd5b611bdd88828901611b52565b90955093505060e0860135915061010086013567ffffffffffffffff811115611c04575f5ffd5b611c1088828901611b42565b9150509295509295909350565b67ffffffffffffffff81168114611aab575f5ffd5b5f5f5f5f60808587031215611c45575f5ffd5b8435611c5081611a97565b93506020850135611c6081611c1d565b925060408501359150606085013567ffffffffffffffff811115611c82575f5ffd5b611c8e87828801611b42565b91505092959194509250565b5f5f5f5f5f5f60808789031215611caf575f5ffd5b863567ffffffffffffffff811115611cc5575f5ffd5b611cd189828a01611af9565b965050602087013567ffffffffffffffff811115611ced575f5ffd5b611cf989828a01611b52565b909650945050604087013567ffffffffffffffff811115611d18575f5ffd5b611d2489828a01611af9565b935050606087013567ffffffffffffffff811115611d40575f5ffd5b611d4c89828a01611b52565b979a9699509497509295939492505050565b5f5f5f5f5f60808688031215611d72575f5ffd5b853567ffffffffffffffff811115611d88575f5ffd5b611d9488828901611af9565b955050602086013567ffffffffffffffff811115611db0575f5ffd5b611dbc88828901611b52565b90955093505060408601359150606086013567ffffffffffffffff811115611c04575f5ffd5b5f5f5f5f5f60808688031215611df6575f5ffd5b8535611e0181611a97565b94506020860135611e1181611aae565b93506040860135611e2181611c1d565b9250606086013567ffffffffffffffff811115611e3c575f5ffd5b8601601f81018813611e4c575f5ffd5b803567ffffffffffffffff811115611e62575f5ffd5b8860208260061b8401011115611e76575f5ffd5b959894975092955050506020019190565b5f5f60408385031215611e98575f5ffd5b823567ffffffffffffffff811115611eae575f5ffd5b611eba85828601611af9565b925050602083013567ffffffffffffffff811115611ed6575f5ffd5b830160408186031215611aee575f5ffd5b5f5f5f60608486031215611ef9575f5ffd5b8351611f0481611aae565b6020850151909350611f1581611c1d565b604085015190925061ffff81168114611f2c575f5ffd5b809150509250925092565b5f60208284031215611f47575f5ffd5b8135610fe481611a97565b5f60208284031215611f62575f5ffd5b8135610fe481611c1d565b634e487b7160e01b5f52601160045260245ffd5b67ffffffffffffffff828116828216039081111561030557610305611f6d565b5f5f8335601e19843603018112611fb6575f5ffd5b83018035915067ffffffffffffffff821115611fd0575f5ffd5b6020019150600581901b3603821315611b90575f5ffd5b86815267ffffffffffffffff8616602082015267ffffffffffffffff8516604082015283606082015260a060808201528160a08201525f7f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff83111561204a575f5ffd5b8260051b808560c08501379190910160c001979650505050505050565b8015158114611aab575f5ffd5b5f60208284031215612084575f5ffd5b8151610fe481612067565b5f6020828403121561209f575f5ffd5b8135610fe481611aae565b67ffffffffffffffff818116838216019081111561030557610305611f6d565b5f5f8335601e198436030181126120df575f5ffd5b83018035915067ffffffffffffffff8211156120f9575f5ffd5b6020019150600681901b3603821315611b90575f5ffd5b5f5f8335601e19843603018112612125575f5ffd5b83018035915067ffffffffffffffff82111561213f575f5ffd5b602001915036819003821315611b90575f5ffd5b5f823560be19833603018112612167575f5ffd5b9190910192915050565b5f60208284031215612181575f5ffd5b813560ff81168114610fe4575f5ffd5b83815260406020820152816040820152818360608301375f818301606090810191909152601f909201601f1916010192915050565b8060030b8114611aab575f5ffd5b63ffffffff81168114611aab575f5ffd5b5f5f604083850312156121f6575f5ffd5b8251612201816121c6565b6020840151909250611aee816121d4565b818382375f9101908152919050565b5f81518060208401855e5f93019283525090919050565b5f6107a36122468386612221565b84612221565b5f6020828403121561225c575f5ffd5b8151610fe481611a97565b5f60208284031215612277575f5ffd5b5051919050565b634e487b7160e01b5f52602160045260245ffd5b634e487b7160e01b5f52603260045260245ffd5b5f5f5f5f5f5f5f60e0888a0312156122bc575f5ffd5b8735805f0b81146122cb575f5ffd5b965060208801356122db816121d4565b955060408801356122eb816121d4565b945060608801356122fb81611c1d565b9350608088013561230b81612067565b925060a088013561231b816121c6565b915060c088013561232b816121d4565b8091505092959891949750929550565b5f5f85851115612349575f5ffd5b83861115612355575f5ffd5b5050820193919092039150565b8082018082111561030557610305611f6d565b8181038181111561030557610305611f6d565b634e487b7160e01b5f52601260045260245ffd5b5f826123aa576123aa612388565b500690565b80357fffffffffffffffff000000000000000000000000000000000000000000000000811690600884101561240e577fffffffffffffffff000000000000000000000000000000000000000000000000808560080360031b1b82161691505b5092915050565b5f8261242357612423612388565b500490565b634e487b7160e01b5f52604160045260245ffd5b808202811582820484141761030557610305611f6d565b80356020831015610305575f19602084900360031b1b169291505056610220604052348015610010575f5ffd5b50604051611d50380380611d5083398101604081905261002f9161023d565b6040518060400160405280600a815260200169546f75636873746f6e6560b01b815250604051806040016040528060018152602001603160f81b81525061007b826101c560201b60201c565b61012052610088816101c5565b61014052815160208084019190912060e052815190820120610100524660a05261011460e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c0526001600160401b03808416908316116101495760405163c52a9bd360e01b815260040160405180910390fd5b5f8163ffffffff161180156101675750620f42408163ffffffff1611155b6101845760405163c52a9bd360e01b815260040160405180910390fd5b6001600160a01b03948516610160529290931661018052336101a0526001600160401b039081166101c0529091166101e05263ffffffff166102005261030a565b5f5f829050601f815111156101f8578260405163305a27a960e01b81526004016101ef91906102af565b60405180910390fd5b8051610203826102e4565b179392505050565b6001600160a01b038116811461021f575f5ffd5b50565b80516001600160401b0381168114610238575f5ffd5b919050565b5f5f5f5f5f60a08688031215610251575f5ffd5b855161025c8161020b565b602087015190955061026d8161020b565b935061027b60408701610222565b925061028960608701610222565b9150608086015163ffffffff811681146102a1575f5ffd5b809150509295509295909350565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80516020808301519190811015610304575f198160200360031b1b821691505b50919050565b60805160a05160c05160e05161010051610120516101405161016051610180516101a0516101c0516101e051610200516119736103dd5f395f81816102ff01526109fc01525f81816103d2015261056001525f81816101f6015261063e01525f81816103ab015261092301525f818161043401528181610752015281816107d20152818161081101528181610b700152610f6901525f81816102d80152610d1801525f61115a01525f61112a01525f61157a01525f61155201525f6114ad01525f6114d701525f61150101526119735ff3fe608060405234801561000f575f5ffd5b5060043610610163575f3560e01c80637aeccce9116100c7578063d3b2fa1b1161007d578063ef8f5e1011610063578063ef8f5e1014610409578063f940e3851461041c578063fc0c546a1461042f575f5ffd5b8063d3b2fa1b146103cd578063df9424ad146103f4575f5ffd5b8063cf309012116100ad578063cf3090121461038a578063d279c19114610393578063d2ef7398146103a6575f5ffd5b80637aeccce91461035c57806384b0196e1461036f575f5ffd5b8063450de7221161011c5780635c6e2af7116101025780635c6e2af7146102fa5780635e26ba91146103365780636374299e14610349575f5ffd5b8063450de722146102c057806351973ec9146102d3575f5ffd5b80631986aabd1161014c5780631986aabd146101f15780631d62ebd914610231578063426233601461025e575f5ffd5b806314afd79e146101675780631949c7b0146101af575b5f5ffd5b6101926101753660046116e9565b6001600160a01b039081165f908152600460205260409020541690565b6040516001600160a01b0390911681526020015b60405180910390f35b6101e16101bd3660046116e9565b6001600160a01b03165f90815260046020526040902054600160e01b900460ff1690565b60405190151581526020016101a6565b6102187f000000000000000000000000000000000000000000000000000000000000000081565b60405167ffffffffffffffff90911681526020016101a6565b61025061023f3660046116e9565b60036020525f908152604090205481565b6040519081526020016101a6565b6102a561026c3660046116e9565b6001600160a01b03165f9081526004602052604090206001810154600282015491549092600160a01b90910467ffffffffffffffff1690565b604080519384526020840192909252908201526060016101a6565b6102506102ce366004611704565b610456565b6101927f000000000000000000000000000000000000000000000000000000000000000081565b6103217f000000000000000000000000000000000000000000000000000000000000000081565b60405163ffffffff90911681526020016101a6565b6102506103443660046116e9565b610618565b610250610357366004611704565b6106a6565b61025061036a36600461172e565b610917565b610377610ac7565b6040516101a69796959493929190611793565b61025060025481565b6102506103a13660046116e9565b610b25565b6101927f000000000000000000000000000000000000000000000000000000000000000081565b6102187f000000000000000000000000000000000000000000000000000000000000000081565b610407610402366004611845565b610bec565b005b61040761041736600461172e565b610ded565b61025061042a36600461172e565b610e46565b6101927f000000000000000000000000000000000000000000000000000000000000000081565b6001600160a01b038083165f908152600460205260408120549091849133911681146104a657604051637c1339f760e01b81526001600160a01b0390911660048201526024015b60405180910390fd5b506001600160a01b0384165f908152600460205260409020836104dc5760405163d77d93d360e01b815260040160405180910390fd5b6001810154849080821115610526576040517f85002f710000000000000000000000000000000000000000000000000000000081526004810192909252602482015260440161049d565b505083816001015f82825461053b91906118e7565b9250508190555083816002015f82825461055591906118fa565b9091555061058590507f00000000000000000000000000000000000000000000000000000000000000004261190d565b81547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff16600160a01b67ffffffffffffffff92831681029190911780845560408051888152929091049092166020820181905294506001600160a01b038716917f5ad597052c81401d1be7a42f51243743fafa38387310bd50dd52c679d3ba91be910160405180910390a2505092915050565b6001600160a01b0381165f9081526004602052604081208161066467ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016426118fa565b8254600160a01b900467ffffffffffffffff16101590508061068a57816001015461069e565b8160020154826001015461069e91906118fa565b949350505050565b5f6106af610fd5565b6001600160a01b038084165f90815260046020526040902080549091166106e957604051639e3a8ee360e01b815260040160405180910390fd5b80548490600160e01b900460ff161561073a576040517f553f9d9c0000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b506040516370a0823160e01b81523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa15801561079f573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906107c3919061192d565b90506107fa6001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001633308761100c565b6040516370a0823160e01b815230600482015281907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa15801561085e573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610882919061192d565b61088c91906118e7565b92505f83116108ae5760405163d77d93d360e01b815260040160405180910390fd5b82826001015f8282546108c191906118fa565b909155505060405183815233906001600160a01b038716907ffb8efd70c9f0ca009bfc9f2ca8a9256a5aefbc720bdb8d838e4bcd42c241b9eb906020015b60405180910390a35050610911611048565b92915050565b5f336001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000168114610987576040517fc0f912970000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b506001600160a01b0383165f908152600460205260409020600281015460018201546109b391906118fa565b5f600183018190556002830181905582547fffffff000000000000000000ffffffffffffffffffffffffffffffffffffffff16600160e01b178355909250610a258363ffffffff7f000000000000000000000000000000000000000000000000000000000000000016620f4240611072565b6001600160a01b0385165f90815260036020526040812080549293508392909190610a519084906118fa565b90915550610a61905081846118e7565b60025f828254610a7191906118fa565b909155505060408051848152602081018390526001600160a01b0380871692908816917f07711d6c5763dd9b9af101cd31c997444ae775270796a7bbd0164df9e5d561c1910160405180910390a3505092915050565b5f6060805f5f5f6060610ad8611123565b610ae0611153565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b5f610b2e610fd5565b50335f9081526003602052604090205480610b5c5760405163d77d93d360e01b815260040160405180910390fd5b335f90815260036020526040812055610b9f7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316838361117e565b6040518181526001600160a01b0383169033907f0aa4d283470c904c551d18bb894d37e17674920f3261a7f854be501e25f421b79060200160405180910390a3610be7611048565b919050565b6001600160a01b038481165f9081526004602052604090205485911615610c4b576040517f0e5aeae70000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b505f610cba7ff87228f4c904dc6e2eb7c7df2f3e703db667f35d9531286ae8449205e0227c278686604051602001610c9f939291909283526001600160a01b03918216602084015216604082015260600190565b604051602081830303815290604052805190602001206111b3565b90505f610cc88285856111fa565b50909150506001600160a01b03811615801590610d9657506040517ffa073d760000000000000000000000000000000000000000000000000000000081526001600160a01b0387811660048301527f0000000000000000000000000000000000000000000000000000000000000000169063fa073d7690602401602060405180830381865afa158015610d5d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610d819190611944565b6001600160a01b0316816001600160a01b0316145b8690610dda576040517f9fe92f8f0000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b50610de58686611241565b505050505050565b6001600160a01b038083165f9081526004602052604090205483913391168114610e3657604051637c1339f760e01b81526001600160a01b03909116600482015260240161049d565b50610e418383611241565b505050565b5f610e4f610fd5565b6001600160a01b038084165f9081526004602052604090205484913391168114610e9857604051637c1339f760e01b81526001600160a01b03909116600482015260240161049d565b506001600160a01b0384165f9081526004602052604090206002810154925082610ed55760405163d77d93d360e01b815260040160405180910390fd5b8054600160a01b900467ffffffffffffffff1642811115610f2f576040517fdd9c894300000000000000000000000000000000000000000000000000000000815267ffffffffffffffff909116600482015260240161049d565b505f600282015580547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff168155610f906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016858561117e565b836001600160a01b0316856001600160a01b03167fb7c918e0e249f999e965cafeb6c664271b3f4317d296461500e71da39f0cbda3856040516108ff91815260200190565b610fdd6112d6565b61100a60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061132f565b565b61101a848484846001611336565b61104257604051635274afe760e01b81526001600160a01b038516600482015260240161049d565b50505050565b61100a5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00611004565b5f5f5f61107f86866113bc565b91509150815f036110a3578381816110995761109961195f565b049250505061111c565b8184116110ba576110ba60038515026011186113d8565b5f848688095f868103871696879004966002600389028118808a02820302808a02820302808a02820302808a02820302808a02820302808a02909103029181900381900460010185841190960395909502919093039390930492909217029150505b9392505050565b606061114e7f00000000000000000000000000000000000000000000000000000000000000006113e9565b905090565b606061114e7f00000000000000000000000000000000000000000000000000000000000000006113e9565b61118b8383836001611426565b610e4157604051635274afe760e01b81526001600160a01b038416600482015260240161049d565b5f6109116111bf6114a1565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f8080604184900361122e578435602086013560408701355f1a611220898285856115ca565b955095509550505050611238565b505f915060029050825b93509350939050565b6001600160a01b03811661126857604051639e3a8ee360e01b815260040160405180910390fd5b6001600160a01b038281165f8181526004602052604080822080547fffffffffffffffffffffffff0000000000000000000000000000000000000000169486169485179055517f4c39d24b728384fd694cff7a050b18ef2493e79664bb67c5b4702d245bdb89459190a35050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c1561100a576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166113ab57838315161561139f573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b5f805f1983850993909202808410938190039390930393915050565b634e487b715f52806020526024601cfd5b60605f6113f583611692565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316611495578383151615611489573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f306001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000161480156114f957507f000000000000000000000000000000000000000000000000000000000000000046145b1561152357507f000000000000000000000000000000000000000000000000000000000000000090565b61114e604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a084111561160357505f91506003905082611688565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015611654573d5f5f3e3d5ffd5b5050604051601f1901519150506001600160a01b03811661167f57505f925060019150829050611688565b92505f91508190505b9450945094915050565b5f60ff8216601f811115610911576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6001600160a01b03811681146116e6575f5ffd5b50565b5f602082840312156116f9575f5ffd5b813561111c816116d2565b5f5f60408385031215611715575f5ffd5b8235611720816116d2565b946020939093013593505050565b5f5f6040838503121561173f575f5ffd5b823561174a816116d2565b9150602083013561175a816116d2565b809150509250929050565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f6117cd60e0830189611765565b82810360408401526117df8189611765565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015611834578351835260209384019390920191600101611816565b50909b9a5050505050505050505050565b5f5f5f5f60608587031215611858575f5ffd5b8435611863816116d2565b93506020850135611873816116d2565b9250604085013567ffffffffffffffff81111561188e575f5ffd5b8501601f8101871361189e575f5ffd5b803567ffffffffffffffff8111156118b4575f5ffd5b8760208284010111156118c5575f5ffd5b949793965060200194505050565b634e487b7160e01b5f52601160045260245ffd5b81810381811115610911576109116118d3565b80820180821115610911576109116118d3565b67ffffffffffffffff8181168382160190811115610911576109116118d3565b5f6020828403121561193d575f5ffd5b5051919050565b5f60208284031215611954575f5ffd5b815161111c816116d2565b634e487b7160e01b5f52601260045260245ffd' as const
