export * from './renderReport.ts'
export type * from './reportInput.ts'
export type { ReportRwaRequest } from './rwaRequest.ts'
export * from './tradesCsv.ts'
