// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `PermissionedToken`. */
export const permissionedTokenAbi = [
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
    "name": "compliance",
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
    "name": "distributeYield",
    "inputs": [
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "freezePartialTokens",
    "inputs": [
      {
        "name": "wallet",
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
    "name": "getFrozenTokens",
    "inputs": [
      {
        "name": "wallet",
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
    "name": "identityRegistry",
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
    "name": "pause",
    "inputs": [],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "paused",
    "inputs": [],
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
    "name": "recoveryAddress",
    "inputs": [
      {
        "name": "lostWallet",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "newWallet",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "onchainID",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "setAddressFrozen",
    "inputs": [
      {
        "name": "wallet",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "frozen",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "setCompliance",
    "inputs": [
      {
        "name": "rules",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "setIdentityRegistry",
    "inputs": [
      {
        "name": "registry",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
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
    "type": "function",
    "name": "unfreezePartialTokens",
    "inputs": [
      {
        "name": "wallet",
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
    "name": "unpause",
    "inputs": [],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "AddressFrozen",
    "inputs": [
      {
        "name": "userAddress",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "isFrozen",
        "type": "bool",
        "indexed": true,
        "internalType": "bool"
      },
      {
        "name": "owner",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      }
    ],
    "anonymous": false
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
    "name": "ComplianceAdded",
    "inputs": [
      {
        "name": "compliance",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "IdentityRegistryAdded",
    "inputs": [
      {
        "name": "identityRegistry",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Paused",
    "inputs": [
      {
        "name": "userAddress",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "RecoverySuccess",
    "inputs": [
      {
        "name": "lostWallet",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      },
      {
        "name": "newWallet",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      },
      {
        "name": "investorOnchainID",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "TokensFrozen",
    "inputs": [
      {
        "name": "userAddress",
        "type": "address",
        "indexed": true,
        "internalType": "address"
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
    "name": "TokensUnfrozen",
    "inputs": [
      {
        "name": "userAddress",
        "type": "address",
        "indexed": true,
        "internalType": "address"
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
    "type": "event",
    "name": "Unpaused",
    "inputs": [
      {
        "name": "userAddress",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "YieldDistributed",
    "inputs": [
      {
        "name": "amount",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      },
      {
        "name": "token",
        "type": "address",
        "indexed": true,
        "internalType": "address"
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
  }
] as const

/** Creation bytecode of the contract `PermissionedToken`, without constructor arguments. */
export const permissionedTokenBytecode =
  '0x608060405234801561000f575f5ffd5b50604051610fee380380610fee83398101604081905261002e916100f0565b8181600361003c83826101e4565b50600461004982826101e4565b50505050506102a2565b634e487b7160e01b5f52604160045260245ffd5b5f82601f830112610076575f5ffd5b81516001600160401b0381111561008f5761008f610053565b604051601f8201601f19908116603f011681016001600160401b03811182821017156100bd576100bd610053565b6040528181528382016020018510156100d4575f5ffd5b8160208501602083015e5f918101602001919091529392505050565b5f5f60408385031215610101575f5ffd5b82516001600160401b03811115610116575f5ffd5b61012285828601610067565b602085015190935090506001600160401b0381111561013f575f5ffd5b61014b85828601610067565b9150509250929050565b600181811c9082168061016957607f821691505b60208210810361018757634e487b7160e01b5f52602260045260245ffd5b50919050565b601f8211156101df57828211156101df57805f5260205f20601f840160051c60208510156101b857505f5b90810190601f840160051c035f5b818110156101db575f838201556001016101c6565b5050505b505050565b81516001600160401b038111156101fd576101fd610053565b6102118161020b8454610155565b8461018d565b6020601f821160018114610243575f831561022c5750848201515b5f19600385901b1c1916600184901b17845561029b565b5f84815260208120601f198516915b828110156102725787850151825560209485019460019092019101610252565b508482101561028f57868401515f19600387901b60f8161c191681555b505060018360011b0184555b5050505050565b610d3f806102af5f395ff3fe608060405234801561000f575f5ffd5b5060043610610184575f3560e01c80635c975abb116100dd578063a9059cbb11610088578063cbf3f86111610063578063cbf3f86114610337578063dd62ed3e1461034a578063f898178914610382575f5ffd5b8063a9059cbb146102fe578063b15a5f9214610311578063c69c09cf14610324575f5ffd5b80638456cb59116100b85780638456cb59146102db5780639285948a146102e357806395d89b41146102f6575f5ffd5b80635c975abb146102935780636290865d146102a057806370a08231146102b3575f5ffd5b806318160ddd1161013d578063313ce56711610118578063313ce567146102695780633f4ba83a1461027857806340c10f1914610280575f5ffd5b806318160ddd1461023b5780631fe56f7d1461024357806323b872dd14610256575f5ffd5b8063125c4a331161016d578063125c4a33146101c9578063134e18f4146101de578063158b1a571461020e575f5ffd5b806306fdde0314610188578063095ea7b3146101a6575b5f5ffd5b610190610395565b60405161019d9190610b30565b60405180910390f35b6101b96101b4366004610b80565b610425565b604051901515815260200161019d565b6101dc6101d7366004610b80565b61043e565b005b6005546101f69061010090046001600160a01b031681565b6040516001600160a01b03909116815260200161019d565b61022d61021c366004610ba8565b60076020525f908152604090205481565b60405190815260200161019d565b60025461022d565b6101dc610251366004610b80565b6104ad565b6101b9610264366004610bc8565b610514565b6040516012815260200161019d565b6101dc610537565b6101dc61028e366004610b80565b610577565b6005546101b99060ff1681565b6006546101f6906001600160a01b031681565b61022d6102c1366004610ba8565b6001600160a01b03165f9081526020819052604090205490565b6101dc610585565b6101dc6102f1366004610c02565b6105c2565b61019061063a565b6101b961030c366004610b80565b610649565b6101dc61031f366004610c42565b610656565b6101dc610332366004610c6c565b610691565b6101dc610345366004610ba8565b6106ce565b61022d610358366004610ca5565b6001600160a01b039182165f90815260016020908152604080832093909416825291909152205490565b6101dc610390366004610ba8565b610736565b6060600380546103a490610ccd565b80601f01602080910402602001604051908101604052809291908181526020018280546103d090610ccd565b801561041b5780601f106103f25761010080835404028352916020019161041b565b820191905f5260205f20905b8154815290600101906020018083116103fe57829003601f168201915b5050505050905090565b5f33610432818585610797565b60019150505b92915050565b6001600160a01b0382165f9081526007602052604081208054839290610465908490610d19565b90915550506040518181526001600160a01b038316907fa065e63c631c86f1b9f66a4a2f63f2093bf1c2168d23290259dbd969e0222a45906020015b60405180910390a25050565b6001600160a01b0382165f90815260076020526040812080548392906104d4908490610d2c565b90915550506040518181526001600160a01b038316907f9bed35cb62ad0dba04f9d5bfee4b5bc91443e77da8a65c4c84834c51bb08b0d6906020016104a1565b5f336105218582856107a9565b61052c858585610843565b506001949350505050565b6005805460ff191690556040513381527f5db9ee0a495bf2e6ff9c91a7834c1ba4fdd244a5e8aa4e537bd38aeae4b073aa906020015b60405180910390a1565b61058182826108b9565b5050565b6005805460ff191660011790556040513381527f62e78cea01bee320cd4e420270b5ea74000d11b0c9f74754ebdbfc544b05a2589060200161056d565b6105ea83836105e5866001600160a01b03165f9081526020819052604090205490565b610843565b604080516001600160a01b038581168252848116602083015283168183015290517ff0c9129a94f30f1caaceb63e44b9811d0a3edf1d6c23757f346093af5553fed09181900360600190a1505050565b6060600480546103a490610ccd565b5f33610432818585610843565b806001600160a01b03167f464b8a29d43599ace210dd9e04279148ebcfd132907c4e35b77835a05a8e2879836040516104a191815260200190565b6040513390821515906001600160a01b038516907f7fa523c84ab8d7fc5b72f08b9e46dbbf10c39e119a075b3e317002d14bc9f436905f90a45050565b600580547fffffffffffffffffffffff0000000000000000000000000000000000000000ff166101006001600160a01b038416908102919091179091556040517fd2be862d755bca7e0d39772b2cab3a5578da9c285f69199f4c063c2294a7f36c905f90a250565b600680547fffffffffffffffffffffffff0000000000000000000000000000000000000000166001600160a01b0383169081179091556040517f7f3a888862559648ec01d97deb7b5012bff86dc91e654a1de397170db40e35b6905f90a250565b6107a483838360016108ed565b505050565b6001600160a01b038381165f908152600160209081526040808320938616835292905220545f1981101561083d578181101561082f576040517ffb8f41b20000000000000000000000000000000000000000000000000000000081526001600160a01b038416600482015260248101829052604481018390526064015b60405180910390fd5b61083d84848484035f6108ed565b50505050565b6001600160a01b038316610885576040517f96c6fd1e0000000000000000000000000000000000000000000000000000000081525f6004820152602401610826565b6001600160a01b0382166108ae5760405163ec442f0560e01b81525f6004820152602401610826565b6107a48383836109f1565b6001600160a01b0382166108e25760405163ec442f0560e01b81525f6004820152602401610826565b6105815f83836109f1565b6001600160a01b03841661092f576040517fe602df050000000000000000000000000000000000000000000000000000000081525f6004820152602401610826565b6001600160a01b038316610971576040517f94280d620000000000000000000000000000000000000000000000000000000081525f6004820152602401610826565b6001600160a01b038085165f908152600160209081526040808320938716835292905220829055801561083d57826001600160a01b0316846001600160a01b03167f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925846040516109e391815260200190565b60405180910390a350505050565b6001600160a01b038316610a1b578060025f828254610a109190610d19565b90915550610aa49050565b6001600160a01b0383165f9081526020819052604090205481811015610a86576040517fe450d38c0000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024810182905260448101839052606401610826565b6001600160a01b0384165f9081526020819052604090209082900390555b6001600160a01b038216610ac057600280548290039055610ade565b6001600160a01b0382165f9081526020819052604090208054820190555b816001600160a01b0316836001600160a01b03167fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef83604051610b2391815260200190565b60405180910390a3505050565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80356001600160a01b0381168114610b7b575f5ffd5b919050565b5f5f60408385031215610b91575f5ffd5b610b9a83610b65565b946020939093013593505050565b5f60208284031215610bb8575f5ffd5b610bc182610b65565b9392505050565b5f5f5f60608486031215610bda575f5ffd5b610be384610b65565b9250610bf160208501610b65565b929592945050506040919091013590565b5f5f5f60608486031215610c14575f5ffd5b610c1d84610b65565b9250610c2b60208501610b65565b9150610c3960408501610b65565b90509250925092565b5f5f60408385031215610c53575f5ffd5b82359150610c6360208401610b65565b90509250929050565b5f5f60408385031215610c7d575f5ffd5b610c8683610b65565b915060208301358015158114610c9a575f5ffd5b809150509250929050565b5f5f60408385031215610cb6575f5ffd5b610cbf83610b65565b9150610c6360208401610b65565b600181811c90821680610ce157607f821691505b602082108103610cff57634e487b7160e01b5f52602260045260245ffd5b50919050565b634e487b7160e01b5f52601160045260245ffd5b8082018082111561043857610438610d05565b8181038181111561043857610438610d0556' as const
