import { expect, test } from 'vitest'
import type { GivenModel, StoredAgent } from './agentStore.ts'
import type { AgentId } from './decision.ts'
import { NotFoundError } from './errors.ts'
import { fresh, freshAgent, freshInstrument, hashOf } from './freshNames.conformance.ts'
import type { Store } from './store.ts'
import { unixMs } from './time.ts'

/** What every `AgentStore` promises. */
export function agentTests(store: () => Store): void {
  const agent = (changes: Partial<StoredAgent> = {}): StoredAgent => ({
    id: freshAgent(),
    name: `agent-${fresh()}`,
    version: 1,
    instrument: freshInstrument(),
    observes: [freshInstrument(), freshInstrument()],
    definition: hashOf(1),
    model: hashOf(2),
    activeFromMs: unixMs(1_704_412_800_000),
    status: 'active',
    ...changes,
  })

  test('are found by name and by id in any case, and listed by name', async () => {
    const prefix = `agent-${fresh()}`
    const saved = ['b', 'B', 'a', '_'].map(end => agent({ name: `${prefix}${end}` }))
    for (const each of saved) await store().agents.save(each)
    for (const each of saved) {
      expect(await store().agents.find(each.name)).toEqual(each)
      expect(await store().agents.find(each.id)).toEqual(each)
      expect(await store().agents.find(each.id.toUpperCase().replace('0X', '0x'))).toEqual(each)
    }
    expect(await store().agents.find(prefix)).toBeNull()
    expect(await store().agents.find(freshAgent())).toBeNull()
    const names = (await store().agents.list()).map(each => each.name).filter(name => name.startsWith(prefix))
    expect(names).toEqual(['B', '_', 'a', 'b'].map(end => `${prefix}${end}`))
  })

  test('save replaces an agent by id; a name belongs to one agent', async () => {
    const saved = agent()
    await store().agents.save(saved)
    const changed = { ...saved, version: 2, model: hashOf(3) }
    await store().agents.save(changed)
    expect(await store().agents.find(saved.id)).toEqual(changed)
    const impostor = agent({ name: saved.name })
    await expect(store().agents.save(impostor)).rejects.toThrow(
      `Another agent is already named "${saved.name}".`,
    )
    expect(await store().agents.find(impostor.id)).toBeNull()
  })

  test('the status is set by id', async () => {
    const saved = agent()
    await store().agents.save(saved)
    await store().agents.setStatus(saved.id, 'halted')
    expect(await store().agents.find(saved.id)).toEqual({ ...saved, status: 'halted' })
    await expect(store().agents.setStatus(freshAgent(), 'halted')).rejects.toThrow(NotFoundError)
  })

  test('are given models, which are listed in the order in which they were given', async () => {
    const [first, second] = [agent(), agent()]
    for (const each of [first, second]) await store().agents.save(each)
    const given = (id: AgentId, model: number, cause: GivenModel['cause']): GivenModel => ({
      agent: id,
      model: hashOf(model),
      cause,
      givenAtMs: unixMs(1_000 - model),
    })
    const models = [
      given(first.id, 3, 'admitted'),
      given(first.id, 4, 'admitted'),
      given(first.id, 3, 'rolledBack'),
    ]
    const other = given(second.id, 3, 'admitted')
    for (const each of [...models, other]) await store().agents.giveModel(each)
    expect(await store().agents.givenModels(first.id)).toEqual(models)
    expect(await store().agents.givenModels(second.id)).toEqual([other])
    expect(await store().agents.givenModels(freshAgent())).toEqual([])
    await expect(store().agents.giveModel(given(freshAgent(), 3, 'admitted'))).rejects.toThrow(NotFoundError)
  })
}
