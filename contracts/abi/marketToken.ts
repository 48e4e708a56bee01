// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `MarketToken`. */
export const marketTokenAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "name",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "symbol",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "decimals_",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "issuer_",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "allowance",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
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
    "name": "approve",
    "inputs": [
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "balanceOf",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
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
    "name": "issuer",
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
    "name": "mint",
    "inputs": [
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "name",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "string",
        "internalType": "string"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "symbol",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "string",
        "internalType": "string"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "totalSupply",
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
    "name": "transfer",
    "inputs": [
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "transferFrom",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "Approval",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "spender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Transfer",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "value",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "ERC20InsufficientAllowance",
    "inputs": [
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "allowance",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InsufficientBalance",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "balance",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidApprover",
    "inputs": [
      {
        "name": "approver",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidReceiver",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidSender",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC20InvalidSpender",
    "inputs": [
      {
        "name": "spender",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotIssuer",
    "inputs": [
      {
        "name": "caller",
        "type": "address",
        "internalType": "address"
      }
    ]
  }
] as const

/** Creation bytecode of the contract `MarketToken`, without constructor arguments. */
export const marketTokenBytecode =
  '0x60c060405234801561000f575f5ffd5b50604051610b9b380380610b9b83398101604081905261002e91610105565b8383600361003c838261022e565b506004610049828261022e565b50505060ff90911660a0526001600160a01b0316608052506102ec9050565b634e487b7160e01b5f52604160045260245ffd5b5f82601f83011261008b575f5ffd5b81516001600160401b038111156100a4576100a4610068565b604051601f8201601f19908116603f011681016001600160401b03811182821017156100d2576100d2610068565b6040528181528382016020018510156100e9575f5ffd5b8160208501602083015e5f918101602001919091529392505050565b5f5f5f5f60808587031215610118575f5ffd5b84516001600160401b0381111561012d575f5ffd5b6101398782880161007c565b602087015190955090506001600160401b03811115610156575f5ffd5b6101628782880161007c565b935050604085015160ff81168114610178575f5ffd5b60608601519092506001600160a01b0381168114610194575f5ffd5b939692955090935050565b600181811c908216806101b357607f821691505b6020821081036101d157634e487b7160e01b5f52602260045260245ffd5b50919050565b601f821115610229578282111561022957805f5260205f20601f840160051c602085101561020257505f5b90810190601f840160051c035f5b81811015610225575f83820155600101610210565b5050505b505050565b81516001600160401b0381111561024757610247610068565b61025b81610255845461019f565b846101d7565b6020601f82116001811461028d575f83156102765750848201515b5f19600385901b1c1916600184901b1784556102e5565b5f84815260208120601f198516915b828110156102bc578785015182556020948501946001909201910161029c565b50848210156102d957868401515f19600387901b60f8161c191681555b505060018360011b0184555b5050505050565b60805160a0516108876103145f395f61017401525f8181610120015261030501526108875ff3fe608060405234801561000f575f5ffd5b50600436106100c4575f3560e01c8063313ce5671161007d57806395d89b411161005857806395d89b41146101db578063a9059cbb146101e3578063dd62ed3e146101f6575f5ffd5b8063313ce5671461016d57806340c10f191461019e57806370a08231146101b3575f5ffd5b806318160ddd116100ad57806318160ddd146101095780631d1438481461011b57806323b872dd1461015a575f5ffd5b806306fdde03146100c8578063095ea7b3146100e6575b5f5ffd5b6100d061022e565b6040516100dd919061072d565b60405180910390f35b6100f96100f436600461077d565b6102be565b60405190151581526020016100dd565b6002545b6040519081526020016100dd565b6101427f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020016100dd565b6100f96101683660046107a5565b6102d7565b60405160ff7f00000000000000000000000000000000000000000000000000000000000000001681526020016100dd565b6101b16101ac36600461077d565b6102fa565b005b61010d6101c13660046107df565b6001600160a01b03165f9081526020819052604090205490565b6100d061037d565b6100f96101f136600461077d565b61038c565b61010d6102043660046107ff565b6001600160a01b039182165f90815260016020908152604080832093909416825291909152205490565b60606003805461023d90610830565b80601f016020809104026020016040519081016040528092919081815260200182805461026990610830565b80156102b45780601f1061028b576101008083540402835291602001916102b4565b820191905f5260205f20905b81548152906001019060200180831161029757829003601f168201915b5050505050905090565b5f336102cb818585610399565b60019150505b92915050565b5f336102e48582856103ab565b6102ef858585610440565b506001949350505050565b336001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016811461036e576040517f3fd26f9e0000000000000000000000000000000000000000000000000000000081526001600160a01b0390911660048201526024015b60405180910390fd5b5061037982826104b6565b5050565b60606004805461023d90610830565b5f336102cb818585610440565b6103a683838360016104ea565b505050565b6001600160a01b038381165f908152600160209081526040808320938616835292905220545f1981101561043a578181101561042c576040517ffb8f41b20000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024810182905260448101839052606401610365565b61043a84848484035f6104ea565b50505050565b6001600160a01b038316610482576040517f96c6fd1e0000000000000000000000000000000000000000000000000000000081525f6004820152602401610365565b6001600160a01b0382166104ab5760405163ec442f0560e01b81525f6004820152602401610365565b6103a68383836105ee565b6001600160a01b0382166104df5760405163ec442f0560e01b81525f6004820152602401610365565b6103795f83836105ee565b6001600160a01b03841661052c576040517fe602df050000000000000000000000000000000000000000000000000000000081525f6004820152602401610365565b6001600160a01b03831661056e576040517f94280d620000000000000000000000000000000000000000000000000000000081525f6004820152602401610365565b6001600160a01b038085165f908152600160209081526040808320938716835292905220829055801561043a57826001600160a01b0316846001600160a01b03167f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925846040516105e091815260200190565b60405180910390a350505050565b6001600160a01b038316610618578060025f82825461060d9190610868565b909155506106a19050565b6001600160a01b0383165f9081526020819052604090205481811015610683576040517fe450d38c0000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024810182905260448101839052606401610365565b6001600160a01b0384165f9081526020819052604090209082900390555b6001600160a01b0382166106bd576002805482900390556106db565b6001600160a01b0382165f9081526020819052604090208054820190555b816001600160a01b0316836001600160a01b03167fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8360405161072091815260200190565b60405180910390a3505050565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80356001600160a01b0381168114610778575f5ffd5b919050565b5f5f6040838503121561078e575f5ffd5b61079783610762565b946020939093013593505050565b5f5f5f606084860312156107b7575f5ffd5b6107c084610762565b92506107ce60208501610762565b929592945050506040919091013590565b5f602082840312156107ef575f5ffd5b6107f882610762565b9392505050565b5f5f60408385031215610810575f5ffd5b61081983610762565b915061082760208401610762565b90509250929050565b600181811c9082168061084457607f821691505b60208210810361086257634e487b7160e01b5f52602260045260245ffd5b50919050565b808201808211156102d157634e487b7160e01b5f52601160045260245ffd' as const
