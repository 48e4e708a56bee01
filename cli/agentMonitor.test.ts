import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINUTE_MS, unixMs } from '../core/index.ts'
import { createSigner } from '../decision-log/index.ts'
import { KEYS } from '../decision-log/test/sampleDecisions.ts'
import { replayDecisions } from '../execution/index.ts'
import { storedObservations } from '../execution/test/memoryStore.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { randomBars, START_MS } from '../execution/test/syntheticMarket.ts'
import { onEachStore } from '../test/eachStore.ts'
import { createAgentMonitor } from './agentMonitor.ts'
import { storedAgent } from './storedAgent.fixture.ts'
import type { Workspace } from './workspace.ts'

const signer = createSigner(KEYS[0])
const definition = restlessAgent()
const BARS = 800
const activeFromMs = unixMs(START_MS + (BARS / 2) * MINUTE_MS)
const stored = storedAgent(signer.agent, activeFromMs)

onEachStore(({ open }) =>
  test('an agent is watched beside the history before it began to decide', async () => {
    const store = await open()
    const directory = await mkdtemp(join(tmpdir(), 'touchstone-monitor-'))
    try {
      const observations = storedObservations(randomBars(BARS, MINUTE_MS, 5))
      await store.observations.append({
        observations,
        cursor: { source: 'test:feed', stream: 'bars', block: BARS - 1, blockHash: null },
      })
      const workspace = { store, directory } as Workspace
      const agent = { stored, definition, inference: null, laterModels: [], given: 0, signer }
      const monitor = await createAgentMonitor(workspace, agent)
      const unreferenced = await createAgentMonitor(workspace, {
        ...agent,
        stored: { ...stored, activeFromMs: unixMs(0) },
      })
      let decided = 0
      for await (const _ of replayDecisions({
        agent: signer.agent,
        definition,
        inference: null,
        activeFromMs,
        observations,
        onVector(vector, times) {
          monitor.observe(vector, times)
          unreferenced.observe(vector, times)
        },
      }))
        decided += 1
      expect(decided).toBeGreaterThan(300)
      const nowMs = unixMs(START_MS + (BARS + 5) * MINUTE_MS)
      const [moved, spread, hour] = monitor.report(nowMs)
      // The walk goes on as before; the price, of which the spread is a share, and the hour have moved on.
      expect(moved).toMatchObject({ name: 'return_1m', missing: 0 })
      expect(moved?.ageMs).toBeLessThanOrEqual(6 * MINUTE_MS)
      expect(moved?.drift).toBeLessThan(0.15)
      expect(spread?.drift).toBeGreaterThan(0.25)
      expect(hour?.drift).toBeGreaterThan(0.25)
      expect(unreferenced.report(nowMs).map(({ drift, missing }) => [drift, missing])).toEqual([
        [null, 0],
        [null, 0],
        [null, 0],
      ])
    } finally {
      await store.close()
      await rm(directory, { recursive: true, force: true })
    }
  }),
)
