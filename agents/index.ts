export type { OpenOrder } from '../strategies/index.ts'
export * from './agentDefinitionHash.ts'
export * from './agentRuntime.ts'
export * from './defineAgent.ts'
