export * from './agentDefinitionHash.ts'
export * from './agentRuntime.ts'
export * from './defineAgent.ts'
