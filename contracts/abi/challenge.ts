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
    "name": "commitmentOf",
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
        "name": "digest",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "salt",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "pure"
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
    "name": "giveNotice",
    "inputs": [
      {
        "name": "commitment",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
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
    "name": "isKept",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "digest",
        "type": "bytes32",
        "internalType": "bytes32"
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
    "name": "noticeSeconds",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "noticeUntil",
    "inputs": [
      {
        "name": "commitment",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
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
    "name": "openNotice",
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
        "name": "digest",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "salt",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
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
    "type": "event",
    "name": "NoticeGiven",
    "inputs": [
      {
        "name": "commitment",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "StatementKept",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "key",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      },
      {
        "name": "digest",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "until",
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
    "name": "NoNotice",
    "inputs": [
      {
        "name": "commitment",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
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
    "name": "NotSignedThen",
    "inputs": [
      {
        "name": "agent",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "digest",
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
  '0x610120604052348015610010575f5ffd5b50604051614b86380380614b8683398101604081905261002f91610116565b6001600160a01b03808716608081905260c0526001600160401b03841660a052851660e0526040518690859085908590859061006a906100d7565b6001600160a01b0395861681529490931660208501526001600160401b03918216604085015216606083015263ffffffff16608082015260a001604051809103905ff0801580156100bd573d5f5f3e3d5ffd5b506001600160a01b0316610100525061019a945050505050565b611d5080612e3683390190565b6001600160a01b03811681146100f8575f5ffd5b50565b80516001600160401b0381168114610111575f5ffd5b919050565b5f5f5f5f5f5f60c0878903121561012b575f5ffd5b8651610136816100e4565b6020880151909650610147816100e4565b6040880151909550610158816100e4565b9350610166606088016100fb565b9250610174608088016100fb565b915060a087015163ffffffff8116811461018c575f5ffd5b809150509295509295509295565b60805160a05160c05160e05161010051612c046102325f395f81816102000152611aba01525f818161016f015261105801525f81816103e60152818161047e015261078f01525f8181610274015261075401525f818161024d015281816106a1015281816108aa015281816108df01528181610a18015281816115ef015281816116580152818161178401526118510152612c045ff3fe608060405234801561000f575f5ffd5b5060043610610115575f3560e01c80636b188e85116100ad578063a21381fa1161007d578063c86c0aca11610063578063c86c0aca1461030e578063d676abc014610321578063f8a2844814610334575f5ffd5b8063a21381fa146102e8578063c1b6c4ab146102fb575f5ffd5b80636b188e851461026f5780637316fc64146102af57806389456798146102c25780639b1bfa62146102d5575f5ffd5b80633a4b66f1116100e85780633a4b66f1146101fb57806342ffda7f146102225780634eff3fc41461023557806351973ec914610248575f5ffd5b80631a277093146101195780632710de20146101555780632b7ac3f31461016a57806335d2324b146101a9575b5f5ffd5b61014261012736600461213b565b5f9081526001602052604090205467ffffffffffffffff1690565b6040519081526020015b60405180910390f35b6101686101633660046121c3565b610347565b005b6101917f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b03909116815260200161014c565b6101eb6101b7366004612239565b6001600160a01b039283165f9081526002602090815260408083209490951682529283528381209181529152205442111590565b604051901515815260200161014c565b6101917f000000000000000000000000000000000000000000000000000000000000000081565b6101eb61023036600461228b565b61062d565b61016861024336600461213b565b610726565b6101917f000000000000000000000000000000000000000000000000000000000000000081565b6102967f000000000000000000000000000000000000000000000000000000000000000081565b60405167ffffffffffffffff909116815260200161014c565b6101426102bd3660046122d9565b6108a1565b6101426102d036600461231b565b6108d5565b6101eb6102e33660046123a1565b6109be565b6101426102f63660046121c3565b610bad565b610142610309366004612409565b610c28565b61014261031c3660046124cd565b610de7565b61016861032f366004612551565b610e50565b6101426103423660046125f6565b610f23565b5f610356878787878787610bad565b5f8181526001602090815260409182902082518084019093525467ffffffffffffffff8082168085526801000000000000000090920416918301919091529192509082904211156103df576040517f0da9010b0000000000000000000000000000000000000000000000000000000081526004016103d691815260200190565b60405180910390fd5b505f61040a7f0000000000000000000000000000000000000000000000000000000000000000611196565b90505f61041b8a8a8a8a8a87611245565b90506001600160a01b038116158015906104fe575060208301516040517f189c98080000000000000000000000000000000000000000000000000000000081526001600160a01b038c8116600483015267ffffffffffffffff90921660248201527f00000000000000000000000000000000000000000000000000000000000000009091169063189c980890604401602060405180830381865afa1580156104c5573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906104e99190612656565b6001600160a01b0316816001600160a01b0316145b8a899091610549576040517f9bdbf0db0000000000000000000000000000000000000000000000000000000081526001600160a01b03909216600483015260248201526044016103d6565b50506001600160a01b03808b165f90815260026020908152604080832093851683529281528282208b835290522054835167ffffffffffffffff1611156105c75782516001600160a01b03808c165f90815260026020908152604080832093861683529281528282208c835290522067ffffffffffffffff90911690555b8251604080516001600160a01b038481168252602082018c905267ffffffffffffffff909316818301529051918c16917ff27f84deb218ec3180274ae14e54b5c246ddba0b2af9284750ee4b878f1450a49181900360600190a250505050505050505050565b6001600160a01b0382165f908152602081815260408083206001600160c01b038516845290915281205460ff161561066757506001610720565b6040517f1db0e1360000000000000000000000000000000000000000000000000000000081526001600160a01b0384811660048301525f917f000000000000000000000000000000000000000000000000000000000000000090911690631db0e13690602401606060405180830381865afa1580156106e8573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061070c9190612671565b50506001600160c01b038481169116149150505b92915050565b5f8181526001602052604090205467ffffffffffffffff1642116107475750565b60405180604001604052807f00000000000000000000000000000000000000000000000000000000000000004261077e91906126d5565b67ffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663829965cc6040518163ffffffff1660e01b8152600401602060405180830381865afa1580156107e9573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061080d91906126f5565b65ffffffffffff1690525f82815260016020908152604080832084518154959093015167ffffffffffffffff90811668010000000000000000027fffffffffffffffffffffffffffffffff00000000000000000000000000000000909616931692909217939093179055905182917f118eff96605ecbcf9018f749173c13ba50f6d04a3f5a91d0b9c1a3548c3a485791a250565b5f6107206108ce7f0000000000000000000000000000000000000000000000000000000000000000611196565b83906112bf565b5f5f61090a6109037f0000000000000000000000000000000000000000000000000000000000000000611196565b889061152c565b90505f61093561091d60208a018a61271a565b61092d60408b0160208c01612735565b848a8a6115e8565b905061095e61094760208a018a61271a565b61095760408b0160208c01612735565b8484611763565b61098561096e60208a018a61271a565b61097e60408b0160208c01612735565b878761191e565b6109b2600261099760208b018b61271a565b6109a760408c0160208d01612735565b8b6040013589611978565b98975050505050505050565b5f6109cf6040830160208401612735565b67ffffffffffffffff168467ffffffffffffffff1610156109f157505f610ba5565b5f610a026040840160208501612735565b610a0c9086612750565b90506001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016633cc8601560608501803590610a519060408801612735565b8488610a6060808a018a612770565b6040518763ffffffff1660e01b8152600401610a81969594939291906127b6565b602060405180830381865afa158015610a9c573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610ac09190612843565b610acd575f915050610ba5565b5f610b5a610ade602086018661285e565b6060860135610af36040880160208901612735565b610b036060890160408a01612735565b604080516001600160c01b038616602082015290810184905267ffffffffffffffff8084166060830152821660808201525f9060a00160408051601f19818403018152919052805160209091012095945050505050565b9050610ba08761023083610b746060890160408a01612735565b610b8460408a0160208b01612735565b610b8e91906126d5565b610b9b60a08a018a612879565b611ba3565b925050505b949350505050565b5f8686868686604051610bc19291906128bf565b604080519182900382206001600160a01b03909516602083015267ffffffffffffffff909316928101929092526060820152608081019190915260a0810183905260c0016040516020818303038152906040528051906020012090505b9695505050505050565b5f610c36602085018561271a565b6001600160a01b0316610c4c602089018961271a565b6001600160a01b0316148015610c935750610c6d6040850160208601612735565b67ffffffffffffffff16610c876040890160208a01612735565b67ffffffffffffffff16145b610cc9576040517f4809dc0b00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f5f610cd4896108a1565b610cdd876108a1565b90925090505f610d0b610cf360208c018c61271a565b610d0360408d0160208e01612735565b858c8c6115e8565b90505f610d36610d1e60208d018d61271a565b610d2e60408e0160208f01612735565b858a8a6115e8565b90506001600160a01b0382811690821614610d5460208d018d61271a565b610d6460408e0160208f01612735565b85909192610da75760405163429e183360e01b81526001600160a01b03909316600484015267ffffffffffffffff909116602483015260448201526064016103d6565b50610dd8915060019050610dbe60208e018e61271a565b8d6020016020810190610dd19190612735565b8787611978565b9b9a5050505050505050505050565b5f5f610df2876108a1565b90505f610e0561091d60208a018a61271a565b9050610e1761094760208a018a61271a565b610e2761096e60208a018a61271a565b6109b26002610e3960208b018b61271a565b610e4960408c0160208d01612735565b8589611978565b610e608561023086868686611ba3565b85859091610eb4576040517fa1689b9d0000000000000000000000000000000000000000000000000000000081526001600160a01b0390921660048301526001600160c01b031660248201526044016103d6565b50506001600160a01b0385165f818152602081815260408083206001600160c01b03891680855290835292819020805460ff19166001179055519182527fd2f7410c20646874ba64b4851b4a1d0dca185b85b1668045a4bacce8ffa25a52910160405180910390a25050505050565b5f5f610f2e846108a1565b90505f610f3b84806128ce565b90501115610f7957610f73610f53602086018661271a565b610f636040870160208801612735565b83610f6e87806128ce565b6115e8565b50610fac565b610fac610f89602086018661271a565b610f996040870160208801612735565b83610fa76020880188612911565b61191e565b5f610fbd606086016040870161292f565b60ff1614610fd1606086016040870161292f565b90610ff5576040516354da8e3b60e11b815260ff90911660048201526024016103d6565b505f808061100f61100a6101a08901896128ce565b611c11565b91945092509050826110276060890160408a0161292f565b9061104b576040516354da8e3b60e11b815260ff90911660048201526024016103d6565b505f806001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663c2e7248d6101608b01356110916101408d018d6128ce565b6040518463ffffffff1660e01b81526004016110af9392919061294f565b6040805180830381865afa1580156110c9573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906110ed91906129a3565b915091508160030b8460030b14158061111257508063ffffffff168363ffffffff1614155b8282909161115e576040517f68f0512900000000000000000000000000000000000000000000000000000000815260039290920b600483015263ffffffff1660248201526044016103d6565b5061118990505f61117260208c018c61271a565b61118260408d0160208e01612735565b895f611978565b9998505050505050505050565b604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527fabf87fe46b8c450a1f96a0ab960b928ecd9c8f11646d24c432d2eeeaa6bc7e95918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201526001600160a01b03821660a08201525f9060c001604051602081830303815290604052805190602001209050919050565b5f84604184146112a5575f5f61125e8a8a8a8a8a611c32565b9150915081611272575f9350505050610c1e565b60405161190160f01b8152600281018690526022810182905260429020925061129e60415f888a6129d0565b9650965050505b6112b0818686611efb565b50909998505050505050505050565b5f807fda6f145613ce93c2dbdae3f443cd523fd6e7c4fa786ada350c536138eb31e8a36112ef602086018661271a565b6112ff6040870160208801612735565b61130f606088016040890161292f565b61131c60608901896128ce565b60405161132a9291906128bf565b60405190819003902061134360a08a0160808b01612735565b61135060a08b018b6128ce565b60405161135e9291906128bf565b60405190819003902061137760e08c0160c08d01612735565b6113886101008d0160e08e01612735565b60408051602081019a909a526001600160a01b039098169789019790975267ffffffffffffffff958616606089015260ff909416608088015260a0870192909252831660c086015260e08501528116610100840152166101208201526101400160408051601f1981840301815291905290505f6101008501356101208601356114156101408801886128ce565b6040516114239291906128bf565b6040519081900390206101608801356101808901356114466101a08b018b6128ce565b6040516114549291906128bf565b6040519081900390206101c08b01356114756102008d016101e08e01612735565b6040805160208101999099528801969096526060870194909452608086019290925260a085015260c084015260e083015267ffffffffffffffff166101008201526102008601356101208201526101400160405160208183030381529060405290506115238483836040516020016114ee929190612a0e565b6040516020818303038152906040528051906020012060405161190160f01b8152600281019290925260228201526042902090565b95945050505050565b5f6115e1827f07c7259e4ec7a4d5466b0d316d3738805246a5b6200520e43bee9f1189b784f061155f602087018761271a565b61156f6040880160208901612735565b604088013561158460808a0160608b01612735565b6040805160208101969096526001600160a01b039094169385019390935267ffffffffffffffff9182166060850152608084810191909152911660a0838101919091529087013560c083015286013560e0820152610100016114ee565b9392505050565b5f5f6116137f0000000000000000000000000000000000000000000000000000000000000000611196565b9050611623878787878786611245565b91505f6001600160a01b038316158015906116d65750604051637d039ebb60e11b81526001600160a01b0389811660048301527f0000000000000000000000000000000000000000000000000000000000000000169063fa073d7690602401602060405180830381865afa15801561169d573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906116c19190612656565b6001600160a01b0316836001600160a01b0316145b9050808061171057506001600160a01b038089165f9081526002602090815260408083209387168352928152828220898352905220544211155b8888889091926117555760405163429e183360e01b81526001600160a01b03909316600484015267ffffffffffffffff909116602483015260448201526064016103d6565b505050505095945050505050565b604051637d039ebb60e11b81526001600160a01b0385811660048301525f917f00000000000000000000000000000000000000000000000000000000000000009091169063fa073d7690602401602060405180830381865afa1580156117cb573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906117ef9190612656565b6001600160a01b0316826001600160a01b031614806118cf57506040517f2cd1fe920000000000000000000000000000000000000000000000000000000081526001600160a01b03868116600483015267ffffffffffffffff861660248301527f00000000000000000000000000000000000000000000000000000000000000001690632cd1fe9290604401602060405180830381865afa158015611896573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906118ba9190612656565b6001600160a01b0316826001600160a01b0316145b9050848484836119145760405163429e183360e01b81526001600160a01b03909316600484015267ffffffffffffffff909116602483015260448201526064016103d6565b5050505050505050565b61192a848484846109be565b84848490919261196f5760405163429e183360e01b81526001600160a01b03909316600484015267ffffffffffffffff909116602483015260448201526064016103d6565b50505050505050565b5f828083036119b6576040517fbcad07d40000000000000000000000000000000000000000000000000000000081526004016103d691815260200190565b505f5f8385106119c75783856119ca565b84845b604080516001600160a01b038b1660208201529081018390526060810182905291935091505f9060800160408051601f1981840301815291815281516020928301205f81815260039093529120549091508690869060ff1615611a62576040517f766d3d5f000000000000000000000000000000000000000000000000000000008152600481019290925260248201526044016103d6565b50505f8181526003602052604090819020805460ff19166001179055517f7aeccce90000000000000000000000000000000000000000000000000000000081526001600160a01b0389811660048301523360248301527f00000000000000000000000000000000000000000000000000000000000000001690637aeccce9906044016020604051808303815f875af1158015611b00573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611b249190612a22565b9350886002811115611b3857611b38612a39565b6040805167ffffffffffffffff8a168152602081018990529081018790526060810186905233906001600160a01b038b16907f73602a7b65b391cf6280b2128cf7126d8418ea50dd170d318eaa3f596822ebb99060800160405180910390a450505095945050505050565b5f805b82811015611c075736848483818110611bc157611bc1612a4d565b604002919091019150611be3905087602083018035908990610b039086612735565b9650611bf26020820182612735565b611bfc90876126d5565b955050600101611ba6565b5093949350505050565b5f8080611c2084860186612a61565b919b909a509098509650505050505050565b5f80611c4060416008612af6565b611c4b906008612af6565b831080611c8357506020611c6160416008612af6565b611c6c906008612af6565b611c769085612b09565b611c809190612b30565b15155b15611c9257505f905080611ef1565b5f84604185611ca2826008612af6565b92611caf939291906129d0565b611cb891612b43565b60c01c90505f8585611ccc60416008612af6565b90611cd960416008612af6565b611ce4906008612af6565b92611cf1939291906129d0565b611cfa91612b43565b60c01c90508167ffffffffffffffff168867ffffffffffffffff161015611d2957505f9250829150611ef19050565b5f6020611d3860416008612af6565b611d43906008612af6565b611d4d9088612b09565b611d579190612ba9565b67ffffffffffffffff811115611d6f57611d6f612bbc565b604051908082528060200260200182016040528015611d98578160200160208202803683370190505b5090505f5b8151811015611e47578787611db3836020612bd0565b611dbf60416008612af6565b611dca906008612af6565b611dd49190612af6565b90611de0846001612af6565b611deb906020612bd0565b611df760416008612af6565b611e02906008612af6565b611e0c9190612af6565b92611e19939291906129d0565b611e2291612be7565b828281518110611e3457611e34612a4d565b6020908102919091010152600101611d9d565b505f611e7267ffffffffffffffff8416611e61868d612750565b67ffffffffffffffff168b85611f42565b604080517f461db4f4fb6d94c69f33a28c418126ba4362cb5f2376f8367f622aa948e8008860208201526001600160a01b038f169181019190915267ffffffffffffffff80881660608301528616608082015260a08101829052919750915060c001604051602081830303815290604052805190602001209450505050505b9550959350505050565b5f80806041849003611f2f578435602086013560408701355f1a611f2189828585612073565b955095509550505050611f39565b505f915060029050825b93509350939050565b5f5f858510611f5557505f90508061206a565b5f611f61600188612b09565b85925090505f5b845181101561206557815f03611f8657505f925082915061206a9050565b611f91600288612b30565b60011480611f9e57508187145b1561201357611fcf858281518110611fb857611fb8612a4d565b6020026020010151845f9182526020526040902090565b92505b611fdd600288612b30565b158015611fe957508615155b1561200e57611ff9600288612ba9565b612004600284612ba9565b9097509150611fd2565b612042565b61203f8386838151811061202957612029612a4d565b60200260200101515f9182526020526040902090565b92505b61204d600288612ba9565b612058600284612ba9565b9097509150600101611f68565b501591505b94509492505050565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411156120ac57505f91506003905082612131565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa1580156120fd573d5f5f3e3d5ffd5b5050604051601f1901519150506001600160a01b03811661212857505f925060019150829050612131565b92505f91508190505b9450945094915050565b5f6020828403121561214b575f5ffd5b5035919050565b6001600160a01b0381168114612166575f5ffd5b50565b67ffffffffffffffff81168114612166575f5ffd5b5f5f83601f84011261218e575f5ffd5b50813567ffffffffffffffff8111156121a5575f5ffd5b6020830191508360208285010111156121bc575f5ffd5b9250929050565b5f5f5f5f5f5f60a087890312156121d8575f5ffd5b86356121e381612152565b955060208701356121f381612169565b945060408701359350606087013567ffffffffffffffff811115612215575f5ffd5b61222189828a0161217e565b979a9699509497949695608090950135949350505050565b5f5f5f6060848603121561224b575f5ffd5b833561225681612152565b9250602084013561226681612152565b929592945050506040919091013590565b6001600160c01b0381168114612166575f5ffd5b5f5f6040838503121561229c575f5ffd5b82356122a781612152565b915060208301356122b781612277565b809150509250929050565b5f61022082840312156122d3575f5ffd5b50919050565b5f602082840312156122e9575f5ffd5b813567ffffffffffffffff8111156122ff575f5ffd5b610ba5848285016122c2565b5f60c082840312156122d3575f5ffd5b5f5f5f5f5f6101208688031215612330575f5ffd5b61233a878761230b565b945060c086013567ffffffffffffffff811115612355575f5ffd5b6123618882890161217e565b90955093505060e0860135915061010086013567ffffffffffffffff811115612388575f5ffd5b6123948882890161230b565b9150509295509295909350565b5f5f5f5f608085870312156123b4575f5ffd5b84356123bf81612152565b935060208501356123cf81612169565b925060408501359150606085013567ffffffffffffffff8111156123f1575f5ffd5b6123fd8782880161230b565b91505092959194509250565b5f5f5f5f5f5f6080878903121561241e575f5ffd5b863567ffffffffffffffff811115612434575f5ffd5b61244089828a016122c2565b965050602087013567ffffffffffffffff81111561245c575f5ffd5b61246889828a0161217e565b909650945050604087013567ffffffffffffffff811115612487575f5ffd5b61249389828a016122c2565b935050606087013567ffffffffffffffff8111156124af575f5ffd5b6124bb89828a0161217e565b979a9699509497509295939492505050565b5f5f5f5f5f608086880312156124e1575f5ffd5b853567ffffffffffffffff8111156124f7575f5ffd5b612503888289016122c2565b955050602086013567ffffffffffffffff81111561251f575f5ffd5b61252b8882890161217e565b90955093505060408601359150606086013567ffffffffffffffff811115612388575f5ffd5b5f5f5f5f5f60808688031215612565575f5ffd5b853561257081612152565b9450602086013561258081612277565b9350604086013561259081612169565b9250606086013567ffffffffffffffff8111156125ab575f5ffd5b8601601f810188136125bb575f5ffd5b803567ffffffffffffffff8111156125d1575f5ffd5b8860208260061b84010111156125e5575f5ffd5b959894975092955050506020019190565b5f5f60408385031215612607575f5ffd5b823567ffffffffffffffff81111561261d575f5ffd5b612629858286016122c2565b925050602083013567ffffffffffffffff811115612645575f5ffd5b8301604081860312156122b7575f5ffd5b5f60208284031215612666575f5ffd5b81516115e181612152565b5f5f5f60608486031215612683575f5ffd5b835161268e81612277565b602085015190935061269f81612169565b604085015190925061ffff811681146126b6575f5ffd5b809150509250925092565b634e487b7160e01b5f52601160045260245ffd5b67ffffffffffffffff8181168382160190811115610720576107206126c1565b5f60208284031215612705575f5ffd5b815165ffffffffffff811681146115e1575f5ffd5b5f6020828403121561272a575f5ffd5b81356115e181612152565b5f60208284031215612745575f5ffd5b81356115e181612169565b67ffffffffffffffff8281168282160390811115610720576107206126c1565b5f5f8335601e19843603018112612785575f5ffd5b83018035915067ffffffffffffffff82111561279f575f5ffd5b6020019150600581901b36038213156121bc575f5ffd5b86815267ffffffffffffffff8616602082015267ffffffffffffffff8516604082015283606082015260a060808201528160a08201525f7f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff831115612819575f5ffd5b8260051b808560c08501379190910160c001979650505050505050565b8015158114612166575f5ffd5b5f60208284031215612853575f5ffd5b81516115e181612836565b5f6020828403121561286e575f5ffd5b81356115e181612277565b5f5f8335601e1984360301811261288e575f5ffd5b83018035915067ffffffffffffffff8211156128a8575f5ffd5b6020019150600681901b36038213156121bc575f5ffd5b818382375f9101908152919050565b5f5f8335601e198436030181126128e3575f5ffd5b83018035915067ffffffffffffffff8211156128fd575f5ffd5b6020019150368190038213156121bc575f5ffd5b5f823560be19833603018112612925575f5ffd5b9190910192915050565b5f6020828403121561293f575f5ffd5b813560ff811681146115e1575f5ffd5b83815260406020820152816040820152818360608301375f818301606090810191909152601f909201601f1916010192915050565b8060030b8114612166575f5ffd5b63ffffffff81168114612166575f5ffd5b5f5f604083850312156129b4575f5ffd5b82516129bf81612984565b60208401519092506122b781612992565b5f5f858511156129de575f5ffd5b838611156129ea575f5ffd5b5050820193919092039150565b5f81518060208401855e5f93019283525090919050565b5f610ba5612a1c83866129f7565b846129f7565b5f60208284031215612a32575f5ffd5b5051919050565b634e487b7160e01b5f52602160045260245ffd5b634e487b7160e01b5f52603260045260245ffd5b5f5f5f5f5f5f5f60e0888a031215612a77575f5ffd5b8735805f0b8114612a86575f5ffd5b96506020880135612a9681612992565b95506040880135612aa681612992565b94506060880135612ab681612169565b93506080880135612ac681612836565b925060a0880135612ad681612984565b915060c0880135612ae681612992565b8091505092959891949750929550565b80820180821115610720576107206126c1565b81810381811115610720576107206126c1565b634e487b7160e01b5f52601260045260245ffd5b5f82612b3e57612b3e612b1c565b500690565b80357fffffffffffffffff0000000000000000000000000000000000000000000000008116906008841015612ba2577fffffffffffffffff000000000000000000000000000000000000000000000000808560080360031b1b82161691505b5092915050565b5f82612bb757612bb7612b1c565b500490565b634e487b7160e01b5f52604160045260245ffd5b8082028115828204841417610720576107206126c1565b80356020831015610720575f19602084900360031b1b169291505056610220604052348015610010575f5ffd5b50604051611d50380380611d5083398101604081905261002f9161023d565b6040518060400160405280600a815260200169546f75636873746f6e6560b01b815250604051806040016040528060018152602001603160f81b81525061007b826101c560201b60201c565b61012052610088816101c5565b61014052815160208084019190912060e052815190820120610100524660a05261011460e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c0526001600160401b03808416908316116101495760405163c52a9bd360e01b815260040160405180910390fd5b5f8163ffffffff161180156101675750620f42408163ffffffff1611155b6101845760405163c52a9bd360e01b815260040160405180910390fd5b6001600160a01b03948516610160529290931661018052336101a0526001600160401b039081166101c0529091166101e05263ffffffff166102005261030a565b5f5f829050601f815111156101f8578260405163305a27a960e01b81526004016101ef91906102af565b60405180910390fd5b8051610203826102e4565b179392505050565b6001600160a01b038116811461021f575f5ffd5b50565b80516001600160401b0381168114610238575f5ffd5b919050565b5f5f5f5f5f60a08688031215610251575f5ffd5b855161025c8161020b565b602087015190955061026d8161020b565b935061027b60408701610222565b925061028960608701610222565b9150608086015163ffffffff811681146102a1575f5ffd5b809150509295509295909350565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80516020808301519190811015610304575f198160200360031b1b821691505b50919050565b60805160a05160c05160e05161010051610120516101405161016051610180516101a0516101c0516101e051610200516119736103dd5f395f81816102ff01526109fc01525f81816103d2015261056001525f81816101f6015261063e01525f81816103ab015261092301525f818161043401528181610752015281816107d20152818161081101528181610b700152610f6901525f81816102d80152610d1801525f61115a01525f61112a01525f61157a01525f61155201525f6114ad01525f6114d701525f61150101526119735ff3fe608060405234801561000f575f5ffd5b5060043610610163575f3560e01c80637aeccce9116100c7578063d3b2fa1b1161007d578063ef8f5e1011610063578063ef8f5e1014610409578063f940e3851461041c578063fc0c546a1461042f575f5ffd5b8063d3b2fa1b146103cd578063df9424ad146103f4575f5ffd5b8063cf309012116100ad578063cf3090121461038a578063d279c19114610393578063d2ef7398146103a6575f5ffd5b80637aeccce91461035c57806384b0196e1461036f575f5ffd5b8063450de7221161011c5780635c6e2af7116101025780635c6e2af7146102fa5780635e26ba91146103365780636374299e14610349575f5ffd5b8063450de722146102c057806351973ec9146102d3575f5ffd5b80631986aabd1161014c5780631986aabd146101f15780631d62ebd914610231578063426233601461025e575f5ffd5b806314afd79e146101675780631949c7b0146101af575b5f5ffd5b6101926101753660046116e9565b6001600160a01b039081165f908152600460205260409020541690565b6040516001600160a01b0390911681526020015b60405180910390f35b6101e16101bd3660046116e9565b6001600160a01b03165f90815260046020526040902054600160e01b900460ff1690565b60405190151581526020016101a6565b6102187f000000000000000000000000000000000000000000000000000000000000000081565b60405167ffffffffffffffff90911681526020016101a6565b61025061023f3660046116e9565b60036020525f908152604090205481565b6040519081526020016101a6565b6102a561026c3660046116e9565b6001600160a01b03165f9081526004602052604090206001810154600282015491549092600160a01b90910467ffffffffffffffff1690565b604080519384526020840192909252908201526060016101a6565b6102506102ce366004611704565b610456565b6101927f000000000000000000000000000000000000000000000000000000000000000081565b6103217f000000000000000000000000000000000000000000000000000000000000000081565b60405163ffffffff90911681526020016101a6565b6102506103443660046116e9565b610618565b610250610357366004611704565b6106a6565b61025061036a36600461172e565b610917565b610377610ac7565b6040516101a69796959493929190611793565b61025060025481565b6102506103a13660046116e9565b610b25565b6101927f000000000000000000000000000000000000000000000000000000000000000081565b6102187f000000000000000000000000000000000000000000000000000000000000000081565b610407610402366004611845565b610bec565b005b61040761041736600461172e565b610ded565b61025061042a36600461172e565b610e46565b6101927f000000000000000000000000000000000000000000000000000000000000000081565b6001600160a01b038083165f908152600460205260408120549091849133911681146104a657604051637c1339f760e01b81526001600160a01b0390911660048201526024015b60405180910390fd5b506001600160a01b0384165f908152600460205260409020836104dc5760405163d77d93d360e01b815260040160405180910390fd5b6001810154849080821115610526576040517f85002f710000000000000000000000000000000000000000000000000000000081526004810192909252602482015260440161049d565b505083816001015f82825461053b91906118e7565b9250508190555083816002015f82825461055591906118fa565b9091555061058590507f00000000000000000000000000000000000000000000000000000000000000004261190d565b81547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff16600160a01b67ffffffffffffffff92831681029190911780845560408051888152929091049092166020820181905294506001600160a01b038716917f5ad597052c81401d1be7a42f51243743fafa38387310bd50dd52c679d3ba91be910160405180910390a2505092915050565b6001600160a01b0381165f9081526004602052604081208161066467ffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016426118fa565b8254600160a01b900467ffffffffffffffff16101590508061068a57816001015461069e565b8160020154826001015461069e91906118fa565b949350505050565b5f6106af610fd5565b6001600160a01b038084165f90815260046020526040902080549091166106e957604051639e3a8ee360e01b815260040160405180910390fd5b80548490600160e01b900460ff161561073a576040517f553f9d9c0000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b506040516370a0823160e01b81523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa15801561079f573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906107c3919061192d565b90506107fa6001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001633308761100c565b6040516370a0823160e01b815230600482015281907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa15801561085e573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610882919061192d565b61088c91906118e7565b92505f83116108ae5760405163d77d93d360e01b815260040160405180910390fd5b82826001015f8282546108c191906118fa565b909155505060405183815233906001600160a01b038716907ffb8efd70c9f0ca009bfc9f2ca8a9256a5aefbc720bdb8d838e4bcd42c241b9eb906020015b60405180910390a35050610911611048565b92915050565b5f336001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000168114610987576040517fc0f912970000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b506001600160a01b0383165f908152600460205260409020600281015460018201546109b391906118fa565b5f600183018190556002830181905582547fffffff000000000000000000ffffffffffffffffffffffffffffffffffffffff16600160e01b178355909250610a258363ffffffff7f000000000000000000000000000000000000000000000000000000000000000016620f4240611072565b6001600160a01b0385165f90815260036020526040812080549293508392909190610a519084906118fa565b90915550610a61905081846118e7565b60025f828254610a7191906118fa565b909155505060408051848152602081018390526001600160a01b0380871692908816917f07711d6c5763dd9b9af101cd31c997444ae775270796a7bbd0164df9e5d561c1910160405180910390a3505092915050565b5f6060805f5f5f6060610ad8611123565b610ae0611153565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b5f610b2e610fd5565b50335f9081526003602052604090205480610b5c5760405163d77d93d360e01b815260040160405180910390fd5b335f90815260036020526040812055610b9f7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316838361117e565b6040518181526001600160a01b0383169033907f0aa4d283470c904c551d18bb894d37e17674920f3261a7f854be501e25f421b79060200160405180910390a3610be7611048565b919050565b6001600160a01b038481165f9081526004602052604090205485911615610c4b576040517f0e5aeae70000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b505f610cba7ff87228f4c904dc6e2eb7c7df2f3e703db667f35d9531286ae8449205e0227c278686604051602001610c9f939291909283526001600160a01b03918216602084015216604082015260600190565b604051602081830303815290604052805190602001206111b3565b90505f610cc88285856111fa565b50909150506001600160a01b03811615801590610d9657506040517ffa073d760000000000000000000000000000000000000000000000000000000081526001600160a01b0387811660048301527f0000000000000000000000000000000000000000000000000000000000000000169063fa073d7690602401602060405180830381865afa158015610d5d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610d819190611944565b6001600160a01b0316816001600160a01b0316145b8690610dda576040517f9fe92f8f0000000000000000000000000000000000000000000000000000000081526001600160a01b03909116600482015260240161049d565b50610de58686611241565b505050505050565b6001600160a01b038083165f9081526004602052604090205483913391168114610e3657604051637c1339f760e01b81526001600160a01b03909116600482015260240161049d565b50610e418383611241565b505050565b5f610e4f610fd5565b6001600160a01b038084165f9081526004602052604090205484913391168114610e9857604051637c1339f760e01b81526001600160a01b03909116600482015260240161049d565b506001600160a01b0384165f9081526004602052604090206002810154925082610ed55760405163d77d93d360e01b815260040160405180910390fd5b8054600160a01b900467ffffffffffffffff1642811115610f2f576040517fdd9c894300000000000000000000000000000000000000000000000000000000815267ffffffffffffffff909116600482015260240161049d565b505f600282015580547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff168155610f906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016858561117e565b836001600160a01b0316856001600160a01b03167fb7c918e0e249f999e965cafeb6c664271b3f4317d296461500e71da39f0cbda3856040516108ff91815260200190565b610fdd6112d6565b61100a60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061132f565b565b61101a848484846001611336565b61104257604051635274afe760e01b81526001600160a01b038516600482015260240161049d565b50505050565b61100a5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00611004565b5f5f5f61107f86866113bc565b91509150815f036110a3578381816110995761109961195f565b049250505061111c565b8184116110ba576110ba60038515026011186113d8565b5f848688095f868103871696879004966002600389028118808a02820302808a02820302808a02820302808a02820302808a02820302808a02909103029181900381900460010185841190960395909502919093039390930492909217029150505b9392505050565b606061114e7f00000000000000000000000000000000000000000000000000000000000000006113e9565b905090565b606061114e7f00000000000000000000000000000000000000000000000000000000000000006113e9565b61118b8383836001611426565b610e4157604051635274afe760e01b81526001600160a01b038416600482015260240161049d565b5f6109116111bf6114a1565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f8080604184900361122e578435602086013560408701355f1a611220898285856115ca565b955095509550505050611238565b505f915060029050825b93509350939050565b6001600160a01b03811661126857604051639e3a8ee360e01b815260040160405180910390fd5b6001600160a01b038281165f8181526004602052604080822080547fffffffffffffffffffffffff0000000000000000000000000000000000000000169486169485179055517f4c39d24b728384fd694cff7a050b18ef2493e79664bb67c5b4702d245bdb89459190a35050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c1561100a576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166113ab57838315161561139f573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b5f805f1983850993909202808410938190039390930393915050565b634e487b715f52806020526024601cfd5b60605f6113f583611692565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316611495578383151615611489573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f306001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000161480156114f957507f000000000000000000000000000000000000000000000000000000000000000046145b1561152357507f000000000000000000000000000000000000000000000000000000000000000090565b61114e604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a084111561160357505f91506003905082611688565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015611654573d5f5f3e3d5ffd5b5050604051601f1901519150506001600160a01b03811661167f57505f925060019150829050611688565b92505f91508190505b9450945094915050565b5f60ff8216601f811115610911576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6001600160a01b03811681146116e6575f5ffd5b50565b5f602082840312156116f9575f5ffd5b813561111c816116d2565b5f5f60408385031215611715575f5ffd5b8235611720816116d2565b946020939093013593505050565b5f5f6040838503121561173f575f5ffd5b823561174a816116d2565b9150602083013561175a816116d2565b809150509250929050565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f6117cd60e0830189611765565b82810360408401526117df8189611765565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015611834578351835260209384019390920191600101611816565b50909b9a5050505050505050505050565b5f5f5f5f60608587031215611858575f5ffd5b8435611863816116d2565b93506020850135611873816116d2565b9250604085013567ffffffffffffffff81111561188e575f5ffd5b8501601f8101871361189e575f5ffd5b803567ffffffffffffffff8111156118b4575f5ffd5b8760208284010111156118c5575f5ffd5b949793965060200194505050565b634e487b7160e01b5f52601160045260245ffd5b81810381811115610911576109116118d3565b80820180821115610911576109116118d3565b67ffffffffffffffff8181168382160190811115610911576109116118d3565b5f6020828403121561193d575f5ffd5b5051919050565b5f60208284031215611954575f5ffd5b815161111c816116d2565b634e487b7160e01b5f52601260045260245ffd' as const
