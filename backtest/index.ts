export * from './formatReport.ts'
export type { BacktestFill, Trade } from './roundTrips.ts'
export * from './runBacktest.ts'
export * from './statistics.ts'
