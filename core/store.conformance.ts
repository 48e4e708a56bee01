import { afterAll, beforeAll, describe } from 'vitest'
import { agentTests } from './agentStore.conformance.ts'
import { batchTests, decisionTests, epochTests, resignTests } from './decisionStore.conformance.ts'
import { embargoTests } from './embargoStore.conformance.ts'
import { modelTests } from './modelStore.conformance.ts'
import { doorTests } from './observationDoor.conformance.ts'
import { observationTests } from './observationStore.conformance.ts'
import type { Store } from './store.ts'
import { withdrawalTests } from './withdrawal.conformance.ts'

/**
 * What every implementation of `Store` promises. Each test uses sources, agents and names of its own, so
 * that one open store serves them all, and need not be empty.
 *
 * @param open Opens the store under test; it is closed after the last test.
 */
export function isStore(name: string, open: () => Promise<Store>): void {
  describe(`${name} is a Store`, () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    }, 120_000)
    afterAll(() => store?.close())

    describe('observations', () => observationTests(() => store))
    describe('withdrawn observations', () => withdrawalTests(() => store.observations))
    describe('the door for observations', () => doorTests(() => store.observations))
    describe('decisions', () => decisionTests(() => store))
    describe('epochs', () => epochTests(() => store))
    describe('signatures', () => resignTests(() => store))
    describe('anchor batches', () => batchTests(() => store))
    describe('models', () => modelTests(() => store))
    describe('agents', () => agentTests(() => store))
    describe('decisions under embargo', () => embargoTests(() => store))
  })
}
