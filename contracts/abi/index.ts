// Generated from the Solidity sources by contracts/script/build.ts. Do not edit.
export * from './decisionLog.ts'
export * from './marketToken.ts'
export * from './poolTrader.ts'
export * from './treasuryBillVault.ts'
