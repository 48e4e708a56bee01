import { describe } from 'vitest'
import type { ObservationStore } from '../../core/index.ts'
import { withdrawalTests } from '../../core/withdrawal.conformance.ts'
import { createMemoryObservationStore } from './memoryObservationStore.conformance.ts'

describe('the store in memory does with withdrawn observations what the databases do', () => {
  const store: ObservationStore = createMemoryObservationStore()
  withdrawalTests(() => store)
})
