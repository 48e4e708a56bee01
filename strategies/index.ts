export * from './checkConclusion.ts'
export * from './defineStrategy.ts'
export * from './directionOf.ts'
export * from './strategyView.ts'
