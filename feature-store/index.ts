export * from './features/index.ts'
export * from './history/index.ts'
export * from './store/index.ts'
