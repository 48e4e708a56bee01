// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.

/** ABI of the contract `AsyncVault`. */
export const asyncVaultAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "asset_",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "share_",
        "type": "address",
        "internalType": "address"
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
    "name": "claimDeposit",
    "inputs": [
      {
        "name": "requestId",
        "type": "uint256",
        "internalType": "uint256"
      },
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
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "claimRedeem",
    "inputs": [
      {
        "name": "requestId",
        "type": "uint256",
        "internalType": "uint256"
      },
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
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "claimableDepositRequest",
    "inputs": [
      {
        "name": "requestId",
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
        "name": "requestId",
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
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "fulfilDeposit",
    "inputs": [
      {
        "name": "requestId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "fulfilRedeem",
    "inputs": [
      {
        "name": "requestId",
        "type": "uint256",
        "internalType": "uint256"
      },
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
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "pendingDepositRequest",
    "inputs": [
      {
        "name": "requestId",
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
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "pendingRedeemRequest",
    "inputs": [
      {
        "name": "requestId",
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
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "requestDeposit",
    "inputs": [
      {
        "name": "requestId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "assets",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "requestRedeem",
    "inputs": [
      {
        "name": "requestId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "shares",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "controller",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
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
    "name": "DepositRequest",
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
        "name": "assets",
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
  }
] as const

/** Creation bytecode of the contract `AsyncVault`, without constructor arguments. */
export const asyncVaultBytecode =
  '0x60c0604052348015600e575f5ffd5b5060405161079e38038061079e833981016040819052602b91605b565b6001600160a01b039182166080521660a0526087565b80516001600160a01b03811681146056575f5ffd5b919050565b5f5f60408385031215606b575f5ffd5b6072836041565b9150607e602084016041565b90509250929050565b60805160a0516106f66100a85f395f6101e701525f61012601526106f65ff3fe608060405234801561000f575f5ffd5b50600436106100da575f3560e01c806398d0040811610088578063a8d5fd6511610063578063a8d5fd65146101e2578063bff2bab514610209578063eaed1d071461021c578063f5a23d8d14610254575f5ffd5b806398d0040814610186578063995ea21a14610199578063a5d2f954146101cf575f5ffd5b806338d52e0f116100b857806338d52e0f1461012157806350814a4b1461016057806351a2a29c14610173575f5ffd5b806301e1d114146100de57806321473880146100f957806326c6f96c1461010e575b5f5ffd5b6100e65f5481565b6040519081526020015b60405180910390f35b61010c6101073660046105d1565b610289565b005b6100e661011c366004610604565b6102fd565b6101487f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020016100f0565b61010c61016e36600461062e565b610326565b61010c610181366004610660565b6103ab565b61010c610194366004610660565b610448565b6100e66101a7366004610604565b5f9182526001602081815260408085206001600160a01b039490941685529290529120015490565b61010c6101dd3660046105d1565b6104d2565b6101487f000000000000000000000000000000000000000000000000000000000000000081565b61010c61021736600461062e565b61053a565b6100e661022a366004610604565b5f9182526002602090815260408084206001600160a01b0393909316845291905290206001015490565b6100e6610262366004610604565b5f9182526002602090815260408084206001600160a01b0393909316845291905290205490565b5f8381526002602090815260408083206001600160a01b0386168452909152812080548392906102ba9084906106d0565b90915550505f8381526002602090815260408083206001600160a01b0386168452909152812060010180548392906102f39084906106e3565b9091555050505050565b5f8281526001602090815260408083206001600160a01b03851684529091529020545b92915050565b5f8381526001602090815260408083206001600160a01b0385168452909152812080548492906103579084906106e3565b9091555050604080513380825260208201859052859290916001600160a01b038516917fbb58420bb8ce44e11b84e214cc0de10ce5e7c24d0355b2815c3d758b514cae7291015b60405180910390a4505050565b5f8481526001602081815260408084206001600160a01b038616855290915282200180548592906103dd9084906106d0565b92505081905550825f5f8282546103f491906106e3565b909155505060408051848152602081018590526001600160a01b0380851692908416917fdcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d7910160405180910390a350505050565b5f8481526002602090815260408083206001600160a01b03851684529091528120600101805485929061047c9084906106d0565b909155505060408051848152602081018590526001600160a01b03808416929085169133917ffbde797d201c681b91056529119e0b02407c7bb96a4a2c75c01fc9667232c8db910160405180910390a450505050565b5f8381526001602090815260408083206001600160a01b0386168452909152812080548392906105039084906106d0565b90915550505f8381526001602081815260408084206001600160a01b038716855290915282200180548392906102f39084906106e3565b5f8381526002602090815260408083206001600160a01b03851684529091528120805484929061056b9084906106e3565b9091555050604080513380825260208201859052859290916001600160a01b038516917f1fdc681a13d8c5da54e301c7ce6542dcde4581e4725043fdab2db12ddc574506910161039e565b80356001600160a01b03811681146105cc575f5ffd5b919050565b5f5f5f606084860312156105e3575f5ffd5b833592506105f3602085016105b6565b929592945050506040919091013590565b5f5f60408385031215610615575f5ffd5b82359150610625602084016105b6565b90509250929050565b5f5f5f60608486031215610640575f5ffd5b8335925060208401359150610657604085016105b6565b90509250925092565b5f5f5f5f60808587031215610673575f5ffd5b843593506020850135925061068a604086016105b6565b9150610698606086016105b6565b905092959194509250565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b81810381811115610320576103206106a3565b80820180821115610320576103206106a356' as const
