// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `TreasuryBillVault`. */
export const treasuryBillVaultAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "asset_",
        "type": "address",
        "internalType": "contract IERC20"
      },
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
        "name": "accountant_",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "initialRate",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "minUpdateDelay_",
        "type": "uint64",
        "internalType": "uint64"
      },
      {
        "name": "maxChangeBps_",
        "type": "uint16",
        "internalType": "uint16"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "accountant",
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
    "name": "claimableAssets",
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
    "name": "claimableRedeemRequest",
    "inputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "shares",
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
    "name": "fulfilRedeem",
    "inputs": [
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "isOperator",
    "inputs": [
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "operator",
        "type": "address",
        "internalType": "address"
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
    "name": "maxChangeBps",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint16",
        "internalType": "uint16"
      }
    ],
    "stateMutability": "view"
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
        "name": "controller",
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
        "name": "controller",
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
    "name": "minUpdateDelay",
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
    "name": "pendingRedeemRequest",
    "inputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
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
        "name": "",
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
    "stateMutability": "pure"
  },
  {
    "type": "function",
    "name": "previewWithdraw",
    "inputs": [
      {
        "name": "",
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
    "stateMutability": "pure"
  },
  {
    "type": "function",
    "name": "publishRate",
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
    "name": "publishedRate",
    "inputs": [],
    "outputs": [
      {
        "name": "rate",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "publishedAt",
        "type": "uint64",
        "internalType": "uint64"
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
        "name": "controller",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "requestRedeem",
    "inputs": [
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "controller",
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
        "name": "requestId",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "setOperator",
    "inputs": [
      {
        "name": "operator",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "approved",
        "type": "bool",
        "internalType": "bool"
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
    "name": "share",
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
    "name": "supportsInterface",
    "inputs": [
      {
        "name": "interfaceId",
        "type": "bytes4",
        "internalType": "bytes4"
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
        "name": "controller",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "shares",
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
  },
  {
    "type": "event",
    "name": "OperatorSet",
    "inputs": [
      {
        "name": "controller",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "operator",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "approved",
        "type": "bool",
        "indexed": false,
        "internalType": "bool"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "RedeemFulfilled",
    "inputs": [
      {
        "name": "controller",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "shares",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      },
      {
        "name": "assets",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      },
      {
        "name": "actualAssets",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "RedeemRequest",
    "inputs": [
      {
        "name": "controller",
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
        "name": "requestId",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      },
      {
        "name": "sender",
        "type": "address",
        "indexed": false,
        "internalType": "address"
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
    "name": "ExceedsPendingShares",
    "inputs": [
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "pending",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "InsufficientLiquidity",
    "inputs": [
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "available",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "InvalidConfiguration",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NoShares",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NotAccountant",
    "inputs": [
      {
        "name": "caller",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotOperator",
    "inputs": [
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "caller",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "RateMovesTooFar",
    "inputs": [
      {
        "name": "oldRate",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "newRate",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "maxChangeBps",
        "type": "uint16",
        "internalType": "uint16"
      }
    ]
  },
  {
    "type": "error",
    "name": "RateTooSoon",
    "inputs": [
      {
        "name": "earliest",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "RedemptionIsAsynchronous",
    "inputs": []
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

/** Creation bytecode of the contract `TreasuryBillVault`, without constructor arguments. */
export const treasuryBillVaultBytecode =
  '0x610120604052348015610010575f5ffd5b506040516123c73803806123c783398101604081905261002f916102cf565b868686600361003e8382610426565b50600461004b8282610426565b5050505f5f61005f8361012960201b60201c565b915091508161006f576012610071565b805b60ff1660a05250506001600160a01b0390811660805284161580159061009f57505f836001600160601b0316115b6100bc5760405163c52a9bd360e01b815260040160405180910390fd5b5f8161ffff161180156100d457506127108161ffff16105b6100f15760405163c52a9bd360e01b815260040160405180910390fd5b6001600160a01b03841660c0526001600160401b03821660e05261ffff81166101005261011d8361015c565b505050505050506104e4565b63313ce56760e01b5f818152908190602082600481875afa5f51601f3d1190911661010082101695908602945092505050565b600754604080516001600160601b0392831681529183166020830152426001600160401b031682820152517fa95bc6aba40bbc4d95fc35f118c4cd8b53fc5d5b89ed264002af03503a7a94399181900360600190a1600780546001600160601b03929092166001600160a01b0319909216919091176c01000000000000000000000000426001600160401b031602179055565b6001600160a01b0381168114610203575f5ffd5b50565b634e487b7160e01b5f52604160045260245ffd5b5f82601f830112610229575f5ffd5b81516001600160401b0381111561024257610242610206565b604051601f8201601f19908116603f011681016001600160401b038111828210171561027057610270610206565b604052818152838201602001851015610287575f5ffd5b8160208501602083015e5f918101602001919091529392505050565b80516001600160401b03811681146102b9575f5ffd5b919050565b805161ffff811681146102b9575f5ffd5b5f5f5f5f5f5f5f60e0888a0312156102e5575f5ffd5b87516102f0816101ef565b60208901519097506001600160401b0381111561030b575f5ffd5b6103178a828b0161021a565b60408a015190975090506001600160401b03811115610334575f5ffd5b6103408a828b0161021a565b9550506060880151610351816101ef565b60808901519094506001600160601b038116811461036d575f5ffd5b925061037b60a089016102a3565b915061038960c089016102be565b905092959891949750929550565b600181811c908216806103ab57607f821691505b6020821081036103c957634e487b7160e01b5f52602260045260245ffd5b50919050565b601f821115610421578282111561042157805f5260205f20601f840160051c60208510156103fa57505f5b90810190601f840160051c035f5b8181101561041d575f83820155600101610408565b5050505b505050565b81516001600160401b0381111561043f5761043f610206565b6104538161044d8454610397565b846103cf565b6020601f821160018114610485575f831561046e5750848201515b5f19600385901b1c1916600184901b1784556104dd565b5f84815260208120601f198516915b828110156104b45787850151825560209485019460019092019101610494565b50848210156104d157868401515f19600387901b60f8161c191681555b505060018360011b0184555b5050505050565b60805160a05160c05160e05161010051611e6e6105595f395f818161038501528181610d3d0152610d8b01525f81816103450152610c7a01525f8181610480015281816108310152610c1a01525f610b5901525f818161042f015281816109280152818161180801526118940152611e6e5ff3fe608060405234801561000f575f5ffd5b506004361061029d575f3560e01c80636e553f6511610171578063b6363cf2116100d2578063d905777e11610088578063eaed1d071161006e578063eaed1d071461065c578063ef8b30f7146105bb578063f5a23d8d14610689575f5ffd5b8063d905777e146105f9578063dd62ed3e14610624575f5ffd5b8063c63d75b6116100b8578063c63d75b614610467578063c6e6f592146105bb578063ce96cb77146105ce575f5ffd5b8063b6363cf21461057b578063ba087652146105a8575f5ffd5b806395d89b4111610127578063a9059cbb1161010d578063a9059cbb14610542578063b3d7f6b914610555578063b460af9414610568575f5ffd5b806395d89b4114610534578063a8d5fd651461053c575f5ffd5b806375b81f911161015757806375b81f91146104f95780637d41c86e1461050e57806394bf804d14610521575f5ffd5b80636e553f65146104be57806370a08231146104d1575f5ffd5b806318160ddd1161021b578063402d267d116101d15780634fb3ccc5116101b75780634fb3ccc51461047b578063558a7297146104a25780635d6a34a3146104b5575f5ffd5b8063402d267d146104675780634cdad5061461032d575f5ffd5b80632e630f8e116102015780632e630f8e146103d5578063313ce5671461041357806338d52e0f1461042d575f5ffd5b806318160ddd146103ba57806323b872dd146103c2575f5ffd5b806307a2d13a116102705780630a28a477116102565780630a28a4771461032d5780630b76511b146103405780631688e5b914610380575f5ffd5b806307a2d13a14610307578063095ea7b31461031a575f5ffd5b806301e1d114146102a157806301ffc9a7146102bc57806306fdde03146102df57806307119ee7146102f4575b5f5ffd5b6102a96106b3565b6040519081526020015b60405180910390f35b6102cf6102ca366004611a53565b6106c5565b60405190151581526020016102b3565b6102e7610795565b6040516102b39190611a7a565b6102a9610302366004611aca565b610825565b6102a9610315366004611af2565b610ad8565b6102cf610328366004611aca565b610ae3565b6102a961033b366004611af2565b610afa565b6103677f000000000000000000000000000000000000000000000000000000000000000081565b60405167ffffffffffffffff90911681526020016102b3565b6103a77f000000000000000000000000000000000000000000000000000000000000000081565b60405161ffff90911681526020016102b3565b6002546102a9565b6102cf6103d0366004611b09565b610b2d565b600754604080516bffffffffffffffffffffffff831681526c0100000000000000000000000090920467ffffffffffffffff166020830152016102b3565b61041b610b52565b60405160ff90911681526020016102b3565b7f00000000000000000000000000000000000000000000000000000000000000005b6040516001600160a01b0390911681526020016102b3565b6102a9610475366004611b43565b505f1990565b61044f7f000000000000000000000000000000000000000000000000000000000000000081565b6102cf6104b0366004611b5c565b610b7d565b6102a960055481565b6102a96104cc366004611b95565b610bec565b6102a96104df366004611b43565b6001600160a01b03165f9081526020819052604090205490565b61050c610507366004611bbf565b610c0f565b005b6102a961051c366004611bea565b610e18565b6102a961052f366004611b95565b610f10565b6102e7610f2b565b3061044f565b6102cf610550366004611aca565b610f3a565b6102a9610563366004611af2565b610f47565b6102a9610576366004611bea565b610f53565b6102cf610589366004611c23565b600660209081525f928352604080842090915290825290205460ff1681565b6102a96105b6366004611bea565b61100f565b6102a96105c9366004611af2565b6110bf565b6102a96105dc366004611b43565b6001600160a01b03165f9081526008602052604090206002015490565b6102a9610607366004611b43565b6001600160a01b03165f9081526008602052604090206001015490565b6102a9610632366004611c23565b6001600160a01b039182165f90815260016020908152604080832093909416825291909152205490565b6102a961066a366004611b95565b6001600160a01b03165f90815260086020526040902060010154919050565b6102a9610697366004611b95565b6001600160a01b03165f90815260086020526040902054919050565b5f6106c061031560025490565b905090565b5f6001600160e01b031982167f01ffc9a700000000000000000000000000000000000000000000000000000000148061072757506001600160e01b031982167fe3bc4e6500000000000000000000000000000000000000000000000000000000145b8061075b57506001600160e01b031982167f620ee8e400000000000000000000000000000000000000000000000000000000145b8061078f57506001600160e01b031982167f2f0a18c500000000000000000000000000000000000000000000000000000000145b92915050565b6060600380546107a490611c4b565b80601f01602080910402602001604051908101604052809291908181526020018280546107d090611c4b565b801561081b5780601f106107f25761010080835404028352916020019161081b565b820191905f5260205f20905b8154815290600101906020018083116107fe57829003601f168201915b5050505050905090565b5f336001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000168114610881576040516321a2d38960e21b81526001600160a01b0390911660048201526024015b60405180910390fd5b505f82116108a25760405163b317087b60e01b815260040160405180910390fd5b6001600160a01b0383165f908152600860205260409020805484848280821115610911576040517fd0854f480000000000000000000000000000000000000000000000000000000081526001600160a01b03909316600484015260248301919091526044820152606401610878565b50505061091d84610ad8565b92505f60055461094a7f000000000000000000000000000000000000000000000000000000000000000090565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201526001600160a01b0391909116906370a0823190602401602060405180830381865afa1580156109a7573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906109cb9190611c83565b6109d59190611cae565b9050838180821115610a1c576040517fa17e11d500000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610878565b50610a2990508583611cae565b83556001830180548691905f90610a41908490611cc1565b9250508190555083836002015f828254610a5b9190611cc1565b925050819055508360055f828254610a739190611cc1565b90915550610a83905030866110ca565b60408051868152602081018690529081018590526001600160a01b038716907ffaa234a1781dd0ca647cada24c6572fd2621b67d67cf142c7c927fe008ed20fd9060600160405180910390a250505092915050565b5f61078f825f611102565b5f33610af0818585611135565b5060019392505050565b5f6040517f86cb889d00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f33610b3a858285611147565b610b458585856111d6565b60019150505b9392505050565b5f6106c0817f0000000000000000000000000000000000000000000000000000000000000000611cd4565b335f8181526006602090815260408083206001600160a01b038716808552908352818420805460ff191687151590811790915591519182529293917fceb576d9f15e4e200fdb5096d64d5dfd667e16def20c1eefd14256d8e3faa267910160405180910390a350600192915050565b5f5f195f610bf9856110bf565b9050610c0733858784611233565b949350505050565b336001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000168114610c65576040516321a2d38960e21b81526001600160a01b039091166004820152602401610878565b506007545f90610cb29067ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000008116916c01000000000000000000000000900416611cc1565b9050804210158190610cf3576040517fe718c07c00000000000000000000000000000000000000000000000000000000815260040161087891815260200190565b506007546bffffffffffffffffffffffff908116905f9084168210610d2157610d1c8483611ced565b610d2b565b610d2b8285611ced565b6bffffffffffffffffffffffff1690507f000000000000000000000000000000000000000000000000000000000000000061ffff16826bffffffffffffffffffffffff16610d799190611d11565b610d8561271083611d11565b111582857f0000000000000000000000000000000000000000000000000000000000000000909192610e06576040517f0a6beb1c0000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff938416600482015292909116602483015261ffff166044820152606401610878565b505050610e12846112a3565b50505050565b5f5f8411610e395760405163b317087b60e01b815260040160405180910390fd5b336001600160a01b03831614801590610e7557506001600160a01b0382165f90815260066020908152604080832033845290915290205460ff16155b15610e8557610e85823386611147565b610e908230866111d6565b6001600160a01b0383165f9081526008602052604081208054869290610eb7908490611cc1565b909155505060408051338152602081018690525f916001600160a01b0380861692908716917f1fdc681a13d8c5da54e301c7ce6542dcde4581e4725043fdab2db12ddc574506910160405180910390a4505f9392505050565b5f5f195f610f1d85610f47565b9050610c0733858388611233565b6060600480546107a490611c4b565b5f33610af08185856111d6565b5f61078f826001611102565b6001600160a01b0381165f9081526008602052604081206002015482858280821115610fc4576040517ffe9cceec0000000000000000000000000000000000000000000000000000000081526001600160a01b03909316600484015260248301919091526044820152606401610878565b505085159050610ffb576001600160a01b0383165f908152600860205260409020600190810154610ff8918790849061135a565b91505b611007848487856113a5565b509392505050565b6001600160a01b0381165f9081526008602052604081206001015482858280821115611080576040517fb94abeec0000000000000000000000000000000000000000000000000000000081526001600160a01b03909316600484015260248301919091526044820152606401610878565b5050851590506110b3576001600160a01b0383165f908152600860205260409020600201546110b09086836114ed565b91505b611007848484886113a5565b5f61078f825f61159d565b6001600160a01b0382166110f357604051634b637e8f60e11b81525f6004820152602401610878565b6110fe825f836115ce565b5050565b6007545f90610b4b906bffffffffffffffffffffffff16611121610b52565b61112c90600a611e0b565b8591908561135a565b611142838383600161170d565b505050565b6001600160a01b038381165f908152600160209081526040808320938616835292905220545f19811015610e1257818110156111c8576040517ffb8f41b20000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024810182905260448101839052606401610878565b610e1284848484035f61170d565b6001600160a01b0383166111ff57604051634b637e8f60e11b81525f6004820152602401610878565b6001600160a01b0382166112285760405163ec442f0560e01b81525f6004820152602401610878565b6111428383836115ce565b61123d8483611803565b611247838261182f565b826001600160a01b0316846001600160a01b03167fdcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d78484604051611295929190918252602082015260400190565b60405180910390a350505050565b600754604080516bffffffffffffffffffffffff928316815291831660208301524267ffffffffffffffff1682820152517fa95bc6aba40bbc4d95fc35f118c4cd8b53fc5d5b89ed264002af03503a7a94399181900360600190a1600780546bffffffffffffffffffffffff929092167fffffffffffffffffffffffff0000000000000000000000000000000000000000909216919091176c010000000000000000000000004267ffffffffffffffff1602179055565b5f61138761136783611863565b801561138257505f848061137d5761137d611e19565b868809115b151590565b6113928686866114ed565b61139c9190611cc1565b95945050505050565b336001600160a01b03841614806113de57506001600160a01b0383165f90815260066020908152604080832033845290915290205460ff165b8333909161142b576040517f4738d0540000000000000000000000000000000000000000000000000000000081526001600160a01b03928316600482015291166024820152604401610878565b50506001600160a01b0383165f90815260086020526040812060018101805491928492611459908490611cae565b9250508190555082816002015f8282546114739190611cae565b925050819055508260055f82825461148b9190611cae565b9091555061149b9050858461188f565b60408051848152602081018490526001600160a01b03808716929088169133917ffbde797d201c681b91056529119e0b02407c7bb96a4a2c75c01fc9667232c8db910160405180910390a45050505050565b5f5f5f6114fa86866118ba565b91509150815f0361151e5783818161151457611514611e19565b0492505050610b4b565b8184116115355761153560038515026011186118d6565b5f848688095f868103871696879004966002600389028118808a02820302808a02820302808a02820302808a02820302808a02820302808a02909103029181900381900460010185841190960395909502919093039390930492909217029150509392505050565b5f610b4b6115a9610b52565b6115b490600a611e0b565b6007548591906bffffffffffffffffffffffff168561135a565b6001600160a01b0383166115f8578060025f8282546115ed9190611cc1565b909155506116819050565b6001600160a01b0383165f9081526020819052604090205481811015611663576040517fe450d38c0000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024810182905260448101839052606401610878565b6001600160a01b0384165f9081526020819052604090209082900390555b6001600160a01b03821661169d576002805482900390556116bb565b6001600160a01b0382165f9081526020819052604090208054820190555b816001600160a01b0316836001600160a01b03167fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8360405161170091815260200190565b60405180910390a3505050565b6001600160a01b03841661174f576040517fe602df050000000000000000000000000000000000000000000000000000000081525f6004820152602401610878565b6001600160a01b038316611791576040517f94280d620000000000000000000000000000000000000000000000000000000081525f6004820152602401610878565b6001600160a01b038085165f9081526001602090815260408083209387168352929052208290558015610e1257826001600160a01b0316846001600160a01b03167f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9258460405161129591815260200190565b6110fe7f00000000000000000000000000000000000000000000000000000000000000008330846118e7565b6001600160a01b0382166118585760405163ec442f0560e01b81525f6004820152602401610878565b6110fe5f83836115ce565b5f600282600381111561187857611878611e2d565b6118829190611e41565b60ff166001149050919050565b6110fe7f0000000000000000000000000000000000000000000000000000000000000000838361191d565b5f805f1983850993909202808410938190039390930393915050565b634e487b715f52806020526024601cfd5b6118f5848484846001611952565b610e1257604051635274afe760e01b81526001600160a01b0385166004820152602401610878565b61192a83838360016119d8565b61114257604051635274afe760e01b81526001600160a01b0384166004820152602401610878565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166119c75783831516156119bb573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316611a47578383151615611a3b573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f60208284031215611a63575f5ffd5b81356001600160e01b031981168114610b4b575f5ffd5b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80356001600160a01b0381168114611ac5575f5ffd5b919050565b5f5f60408385031215611adb575f5ffd5b611ae483611aaf565b946020939093013593505050565b5f60208284031215611b02575f5ffd5b5035919050565b5f5f5f60608486031215611b1b575f5ffd5b611b2484611aaf565b9250611b3260208501611aaf565b929592945050506040919091013590565b5f60208284031215611b53575f5ffd5b610b4b82611aaf565b5f5f60408385031215611b6d575f5ffd5b611b7683611aaf565b915060208301358015158114611b8a575f5ffd5b809150509250929050565b5f5f60408385031215611ba6575f5ffd5b82359150611bb660208401611aaf565b90509250929050565b5f60208284031215611bcf575f5ffd5b81356bffffffffffffffffffffffff81168114610b4b575f5ffd5b5f5f5f60608486031215611bfc575f5ffd5b83359250611c0c60208501611aaf565b9150611c1a60408501611aaf565b90509250925092565b5f5f60408385031215611c34575f5ffd5b611c3d83611aaf565b9150611bb660208401611aaf565b600181811c90821680611c5f57607f821691505b602082108103611c7d57634e487b7160e01b5f52602260045260245ffd5b50919050565b5f60208284031215611c93575f5ffd5b5051919050565b634e487b7160e01b5f52601160045260245ffd5b8181038181111561078f5761078f611c9a565b8082018082111561078f5761078f611c9a565b60ff818116838216019081111561078f5761078f611c9a565b6bffffffffffffffffffffffff828116828216039081111561078f5761078f611c9a565b808202811582820484141761078f5761078f611c9a565b6001815b6001841115611d6357808504811115611d4757611d47611c9a565b6001841615611d5557908102905b60019390931c928002611d2c565b935093915050565b5f82611d795750600161078f565b81611d8557505f61078f565b8160018114611d9b5760028114611da557611dc1565b600191505061078f565b60ff841115611db657611db6611c9a565b50506001821b61078f565b5060208310610133831016604e8410600b8410161715611de4575081810a61078f565b611df05f198484611d28565b805f1904821115611e0357611e03611c9a565b029392505050565b5f610b4b60ff841683611d6b565b634e487b7160e01b5f52601260045260245ffd5b634e487b7160e01b5f52602160045260245ffd5b5f60ff831680611e5f57634e487b7160e01b5f52601260045260245ffd5b8060ff8416069150509291505056' as const
