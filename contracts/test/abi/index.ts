// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.
export * from './assetHolder.ts'
export * from './asyncVault.ts'
export * from './eventEmitter.ts'
export * from './permissionedToken.ts'
export * from './plainVault.ts'
export * from './priceAggregator.ts'
export * from './priceProxy.ts'
export * from './rateAccountant.ts'
