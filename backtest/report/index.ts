export * from './renderReport.ts'
export type * from './reportInput.ts'
export * from './tradesCsv.ts'
