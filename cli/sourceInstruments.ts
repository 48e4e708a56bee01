import { instrumentOf } from '../chain-ingest/index.ts'
import type { Instrument } from '../core/index.ts'
import type { SourceConfig } from './projectSchema.ts'

/** The instruments that a source brings observations of, each once. */
export function instrumentsOf(config: SourceConfig): readonly Instrument[] {
  const all =
    config.kind === 'rpc' || config.kind === 'recording'
      ? config.contracts.map(instrumentOf)
      : [config.instrument]
  return [...new Map(all.map(instrument => [instrument.id, instrument])).values()]
}
