// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `PlainVault`. */
export const plainVaultAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "asset_",
        "type": "address",
        "internalType": "contract IERC20"
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
    "name": "asset",
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
    "name": "convertToAssets",
    "inputs": [
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "convertToShares",
    "inputs": [
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "deposit",
    "inputs": [
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "receiver",
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
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "maxDeposit",
    "inputs": [
      {
        "name": "",
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
    "name": "maxMint",
    "inputs": [
      {
        "name": "",
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
    "name": "maxRedeem",
    "inputs": [
      {
        "name": "owner",
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
    "name": "maxWithdraw",
    "inputs": [
      {
        "name": "owner",
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
    "name": "mint",
    "inputs": [
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "receiver",
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
    "name": "previewDeposit",
    "inputs": [
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "previewMint",
    "inputs": [
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "previewRedeem",
    "inputs": [
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "previewWithdraw",
    "inputs": [
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "redeem",
    "inputs": [
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "owner",
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
    "name": "totalAssets",
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
    "name": "withdraw",
    "inputs": [
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "owner",
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
    "name": "Deposit",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "owner",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "assets",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      },
      {
        "name": "shares",
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
    "name": "Withdraw",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "receiver",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "owner",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "assets",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      },
      {
        "name": "shares",
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
    "name": "ERC4626ExceededMaxDeposit",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "max",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC4626ExceededMaxMint",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "max",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC4626ExceededMaxRedeem",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "max",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ERC4626ExceededMaxWithdraw",
    "inputs": [
      {
        "name": "owner",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "max",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "SafeERC20FailedOperation",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ]
  }
] as const

/** Creation bytecode of the contract `PlainVault`, without constructor arguments. */
export const plainVaultBytecode =
  '0x60c060405234801561000f575f5ffd5b5060405161153538038061153583398101604081905261002e91610100565b806040518060400160405280600b81526020016a141b185a5b8815985d5b1d60aa1b81525060405180604001604052806005815260200164282620a4a760d91b815250816003908161008091906101d0565b50600461008d82826101d0565b5050505f5f6100a1836100cd60201b60201c565b91509150816100b15760126100b3565b805b60ff1660a05250506001600160a01b03166080525061028e565b63313ce56760e01b5f818152908190602082600481875afa5f51601f3d1190911661010082101695908602945092505050565b5f60208284031215610110575f5ffd5b81516001600160a01b0381168114610126575f5ffd5b9392505050565b634e487b7160e01b5f52604160045260245ffd5b600181811c9082168061015557607f821691505b60208210810361017357634e487b7160e01b5f52602260045260245ffd5b50919050565b601f8211156101cb57828211156101cb57805f5260205f20601f840160051c60208510156101a457505f5b90810190601f840160051c035f5b818110156101c7575f838201556001016101b2565b5050505b505050565b81516001600160401b038111156101e9576101e961012d565b6101fd816101f78454610141565b84610179565b6020601f82116001811461022f575f83156102185750848201515b5f19600385901b1c1916600184901b178455610287565b5f84815260208120601f198516915b8281101561025e578785015182556020948501946001909201910161023e565b508482101561027b57868401515f19600387901b60f8161c191681555b505060018360011b0184555b5050505050565b60805160a0516112716102c45f395f61054201525f8181610259015281816103ad01528181610bfc0152610c9401526112715ff3fe608060405234801561000f575f5ffd5b506004361061019a575f3560e01c806370a08231116100e8578063ba08765211610093578063ce96cb771161006e578063ce96cb771461034c578063d905777e1461035f578063dd62ed3e14610372578063ef8b30f714610339575f5ffd5b8063ba08765214610326578063c63d75b614610283578063c6e6f59214610339575f5ffd5b8063a9059cbb116100c3578063a9059cbb146102ed578063b3d7f6b914610300578063b460af9414610313575f5ffd5b806370a08231146102aa57806394bf804d146102d257806395d89b41146102e5575f5ffd5b806323b872dd11610148578063402d267d11610123578063402d267d146102835780634cdad506146101ce5780636e553f6514610297575f5ffd5b806323b872dd1461021f578063313ce5671461023257806338d52e0f1461024c575f5ffd5b8063095ea7b311610178578063095ea7b3146101e15780630a28a4771461020457806318160ddd14610217575f5ffd5b806301e1d1141461019e57806306fdde03146101b957806307a2d13a146101ce575b5f5ffd5b6101a66103aa565b6040519081526020015b60405180910390f35b6101c1610452565b6040516101b09190610f2f565b6101a66101dc366004610f64565b6104e2565b6101f46101ef366004610f96565b6104f3565b60405190151581526020016101b0565b6101a6610212366004610f64565b61050a565b6002546101a6565b6101f461022d366004610fbe565b610516565b61023a61053b565b60405160ff90911681526020016101b0565b6040516001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001681526020016101b0565b6101a6610291366004610ff8565b505f1990565b6101a66102a5366004611011565b610566565b6101a66102b8366004610ff8565b6001600160a01b03165f9081526020819052604090205490565b6101a66102e0366004611011565b610597565b6101c16105b2565b6101f46102fb366004610f96565b6105c1565b6101a661030e366004610f64565b6105ce565b6101a661032136600461103b565b6105da565b6101a661033436600461103b565b61065c565b6101a6610347366004610f64565b6106d5565b6101a661035a366004610ff8565b6106e0565b6101a661036d366004610ff8565b6106e9565b6101a6610380366004611074565b6001600160a01b039182165f90815260016020908152604080832093909416825291909152205490565b5f7f00000000000000000000000000000000000000000000000000000000000000006040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201526001600160a01b0391909116906370a0823190602401602060405180830381865afa158015610429573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061044d919061109c565b905090565b606060038054610461906110b3565b80601f016020809104026020016040519081016040528092919081815260200182805461048d906110b3565b80156104d85780601f106104af576101008083540402835291602001916104d8565b820191905f5260205f20905b8154815290600101906020018083116104bb57829003601f168201915b5050505050905090565b5f6104ed825f610706565b92915050565b5f3361050081858561073e565b5060019392505050565b5f6104ed826001610750565b5f3361052385828561077f565b61052e858585610814565b60019150505b9392505050565b5f61044d817f00000000000000000000000000000000000000000000000000000000000000006110ff565b5f5f19610577565b60405180910390fd5b5f610581856106d5565b905061058f33858784610871565b949350505050565b5f5f195f6105a4856105ce565b905061058f33858388610871565b606060048054610461906110b3565b5f33610500818585610814565b5f6104ed826001610706565b5f5f6105e5836106e0565b90508085111561063a576040517ffe9cceec0000000000000000000000000000000000000000000000000000000081526001600160a01b0384166004820152602481018690526044810182905260640161056e565b5f6106448661050a565b905061065333868689856108e1565b95945050505050565b5f5f610667836106e9565b9050808511156106bc576040517fb94abeec0000000000000000000000000000000000000000000000000000000081526001600160a01b0384166004820152602481018690526044810182905260640161056e565b5f6106c6866104e2565b9050610653338686848a6108e1565b5f6104ed825f610750565b5f6104ed6101dc835b6001600160a01b0381165f908152602081905260408120546104ed565b5f6105346107126103aa565b61071d906001611118565b6107285f600a61120e565b6002546107359190611118565b85919085610980565b61074b83838360016109c2565b505050565b5f61053461075f82600a61120e565b60025461076c9190611118565b6107746103aa565b610735906001611118565b6001600160a01b038381165f908152600160209081526040808320938616835292905220545f1981101561080e5781811015610800576040517ffb8f41b20000000000000000000000000000000000000000000000000000000081526001600160a01b0384166004820152602481018290526044810183905260640161056e565b61080e84848484035f6109c2565b50505050565b6001600160a01b03831661083d57604051634b637e8f60e11b81525f600482015260240161056e565b6001600160a01b0382166108665760405163ec442f0560e01b81525f600482015260240161056e565b61074b838383610ab8565b61087b8483610bf7565b6108858382610c27565b826001600160a01b0316846001600160a01b03167fdcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d784846040516108d3929190918252602082015260400190565b60405180910390a350505050565b826001600160a01b0316856001600160a01b0316146109055761090583868361077f565b61090f8382610c5b565b6109198483610c8f565b826001600160a01b0316846001600160a01b0316866001600160a01b03167ffbde797d201c681b91056529119e0b02407c7bb96a4a2c75c01fc9667232c8db8585604051610971929190918252602082015260400190565b60405180910390a45050505050565b5f6109ad61098d83610cba565b80156109a857505f84806109a3576109a361121c565b868809115b151590565b6109b8868686610ce6565b6106539190611118565b6001600160a01b038416610a04576040517fe602df050000000000000000000000000000000000000000000000000000000081525f600482015260240161056e565b6001600160a01b038316610a46576040517f94280d620000000000000000000000000000000000000000000000000000000081525f600482015260240161056e565b6001600160a01b038085165f908152600160209081526040808320938716835292905220829055801561080e57826001600160a01b0316846001600160a01b03167f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925846040516108d391815260200190565b6001600160a01b038316610ae2578060025f828254610ad79190611118565b90915550610b6b9050565b6001600160a01b0383165f9081526020819052604090205481811015610b4d576040517fe450d38c0000000000000000000000000000000000000000000000000000000081526001600160a01b0385166004820152602481018290526044810183905260640161056e565b6001600160a01b0384165f9081526020819052604090209082900390555b6001600160a01b038216610b8757600280548290039055610ba5565b6001600160a01b0382165f9081526020819052604090208054820190555b816001600160a01b0316836001600160a01b03167fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef83604051610bea91815260200190565b60405180910390a3505050565b610c237f0000000000000000000000000000000000000000000000000000000000000000833084610d96565b5050565b6001600160a01b038216610c505760405163ec442f0560e01b81525f600482015260240161056e565b610c235f8383610ab8565b6001600160a01b038216610c8457604051634b637e8f60e11b81525f600482015260240161056e565b610c23825f83610ab8565b610c237f00000000000000000000000000000000000000000000000000000000000000008383610dcc565b5f6002826003811115610ccf57610ccf611230565b610cd99190611244565b60ff166001149050919050565b5f5f5f610cf38686610e01565b91509150815f03610d1757838181610d0d57610d0d61121c565b0492505050610534565b818411610d2e57610d2e6003851502601118610e1d565b5f848688095f868103871696879004966002600389028118808a02820302808a02820302808a02820302808a02820302808a02820302808a02909103029181900381900460010185841190960395909502919093039390930492909217029150509392505050565b610da4848484846001610e2e565b61080e57604051635274afe760e01b81526001600160a01b038516600482015260240161056e565b610dd98383836001610eb4565b61074b57604051635274afe760e01b81526001600160a01b038416600482015260240161056e565b5f805f1983850993909202808410938190039390930393915050565b634e487b715f52806020526024601cfd5b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f51148316610ea3578383151615610e97573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316610f23578383151615610f17573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b5f60208284031215610f74575f5ffd5b5035919050565b80356001600160a01b0381168114610f91575f5ffd5b919050565b5f5f60408385031215610fa7575f5ffd5b610fb083610f7b565b946020939093013593505050565b5f5f5f60608486031215610fd0575f5ffd5b610fd984610f7b565b9250610fe760208501610f7b565b929592945050506040919091013590565b5f60208284031215611008575f5ffd5b61053482610f7b565b5f5f60408385031215611022575f5ffd5b8235915061103260208401610f7b565b90509250929050565b5f5f5f6060848603121561104d575f5ffd5b8335925061105d60208501610f7b565b915061106b60408501610f7b565b90509250925092565b5f5f60408385031215611085575f5ffd5b61108e83610f7b565b915061103260208401610f7b565b5f602082840312156110ac575f5ffd5b5051919050565b600181811c908216806110c757607f821691505b6020821081036110e557634e487b7160e01b5f52602260045260245ffd5b50919050565b634e487b7160e01b5f52601160045260245ffd5b60ff81811683821601908111156104ed576104ed6110eb565b808201808211156104ed576104ed6110eb565b6001815b60018411156111665780850481111561114a5761114a6110eb565b600184161561115857908102905b60019390931c92800261112f565b935093915050565b5f8261117c575060016104ed565b8161118857505f6104ed565b816001811461119e57600281146111a8576111c4565b60019150506104ed565b60ff8411156111b9576111b96110eb565b50506001821b6104ed565b5060208310610133831016604e8410600b84101617156111e7575081810a6104ed565b6111f35f19848461112b565b805f1904821115611206576112066110eb565b029392505050565b5f61053460ff84168361116e565b634e487b7160e01b5f52601260045260245ffd5b634e487b7160e01b5f52602160045260245ffd5b5f60ff83168061126257634e487b7160e01b5f52601260045260245ffd5b8060ff8416069150509291505056' as const
