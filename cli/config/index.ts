export { plume } from '../../chain-ingest/index.ts'
export type { AgentFactory as CreateAgent } from '../agentCatalogue.ts'
export { defineConfig } from './defineConfig.ts'
export { env } from './environmentReference.ts'
export type {
  AgentEntry,
  ChainEntry,
  ExchangeEntry,
  FileEntry,
  FileInstrument,
  InstrumentEntry,
  LogEntry,
  TouchstoneConfig,
} from './touchstoneConfig.ts'
