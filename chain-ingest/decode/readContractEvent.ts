import { InvalidInputError } from '../../core/index.ts'
import { type ContractEventDecoder, compileContractEvents } from './contractEventDecoder.ts'
import type { EventsSpec } from './contractSpec.ts'
import type { LogReading } from './logReading.ts'
import type { PlacedLog } from './placeLog.ts'

const compiled = new WeakMap<EventsSpec, ReadonlyMap<string, readonly ContractEventDecoder[]>>()

/**
 * Reads a log by the first of the events that the contract's specification names.
 *
 * @throws InvalidInputError when the log is of an event that is named, but with other indexed arguments: then every
 * such log would be lost.
 */
export function readContractEvent(log: PlacedLog, spec: EventsSpec): LogReading | null {
  let decoders = compiled.get(spec)
  if (decoders === undefined) {
    decoders = compileContractEvents(spec.events)
    compiled.set(spec, decoders)
  }
  const candidates = decoders.get(log.topics[0] ?? '')
  if (candidates === undefined) return null
  for (const { name, decode } of candidates) {
    const args = decode(log)
    if (args !== null) return { value: { type: 'contractEvent', contract: log.address, event: name, args } }
  }
  const { topics, address, blockNumber, logIndex } = log
  const [{ canonicalSignature, topicCount }] = candidates as [ContractEventDecoder]
  if (candidates.every(candidate => candidate.topicCount !== topics.length))
    throw new InvalidInputError(
      `The event ${canonicalSignature} of ${address} has ${topics.length - 1} indexed arguments on the chain, but ${topicCount - 1} in the configuration.`,
      {
        facts: { address, event: canonicalSignature, block: blockNumber, logIndex },
        hint: 'Mark the same arguments `indexed` as the contract does; its published ABI says which.',
      },
    )
  return null
}
