import {
  type ContractRequest,
  type ContractSpec,
  checkContracts,
  createRpcSource,
  DEFAULT_FINALITY_BLOCKS,
  describeContract,
  type RpcSource,
} from '../../chain-ingest/index.ts'
import { parseInstant } from '../../core/index.ts'
import { DEFAULT_CONFIRMATIONS } from '../defaultConfirmations.ts'
import type { Project, SourceConfig } from '../projectSchema.ts'
import { expandReferences } from './environmentReference.ts'
import { existingFile } from './existingFile.ts'
import { forField } from './fieldError.ts'
import type { ResolveOptions } from './resolveConfig.ts'
import type { ChainEntry } from './touchstoneConfig.ts'

/**
 * Makes a source of a chain that a configuration names. Its nodes are asked for their chain id, and each contract for
 * what the configuration does not say of it, unless the project knows that already.
 */
export async function resolveChain(
  name: string,
  entry: ChainEntry,
  { previous, variable, folder }: ResolveOptions & { readonly folder: string },
): Promise<SourceConfig> {
  const field = `chains.${name}`
  const fields = {
    name,
    chainId: entry.id,
    fromBlock: entry.fromBlock ?? 0,
    toBlock: entry.toBlock ?? null,
    finalityDelayMs: entry.finalityDelayMs ?? 0,
  }
  const describeAll = async (open: () => Promise<RpcSource | null>) => {
    const contracts: ContractSpec[] = []
    for (const [index, request] of entry.contracts.entries())
      await forField(`${field}.contracts[${index}]`, async () => {
        const known = describedBefore(request, entry.id, previous)
        const source = known === null ? await open() : null
        const spec =
          known ??
          (await describeContract(request, {
            chainId: entry.id,
            client: source?.client ?? null,
            ...(source === null ? {} : { endpoint: source.endpoint }),
          }))
        checkContracts([spec])
        contracts.push(spec)
      })
    return contracts
  }
  if (entry.rpc === undefined) {
    const { anchor } = entry
    const files = listOf(entry.recording ?? [])
    return {
      kind: 'recording',
      files: await forField(field, async () => files.map(file => existingFile(file, folder, 'recording'))),
      anchor:
        anchor === undefined
          ? null
          : {
              blockNumber: anchor.block,
              timeMs: parseInstant(anchor.time),
              blockTimeMs: anchor.blockTimeMs,
            },
      ...fields,
      contracts: await describeAll(async () => null),
    }
  }
  const urls = listOf(entry.rpc)
  let source: RpcSource | null = null
  const open = async () => {
    source ??= await forField(`${field}.rpc`, async () =>
      createRpcSource({
        url: urls.map(url => expandReferences(url, variable)),
        expectedChainId: entry.id,
      }),
    )
    return source
  }
  try {
    if (!isSameNode(name, entry, previous)) await open()
    return {
      kind: 'rpc',
      url: typeof entry.rpc === 'string' ? entry.rpc : urls,
      requestsPerSecond: entry.requestsPerSecond ?? null,
      finality: entry.finality ?? DEFAULT_FINALITY_BLOCKS,
      confirmations: entry.confirmations ?? DEFAULT_CONFIRMATIONS,
      ...fields,
      contracts: await describeAll(open),
    }
  } finally {
    await (source as RpcSource | null)?.close()
  }
}

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value

function isSameNode(name: string, { id, rpc }: ChainEntry, previous: Project): boolean {
  return previous.sources.some(
    source =>
      source.kind === 'rpc' &&
      source.name === name &&
      source.chainId === id &&
      JSON.stringify(source.url) === JSON.stringify(rpc),
  )
}

/** A contract that the project has, and that the configuration says nothing else of; null when there is none. */
function describedBefore(request: ContractRequest, chainId: number, previous: Project): ContractSpec | null {
  for (const source of previous.sources)
    if ((source.kind === 'rpc' || source.kind === 'recording') && source.chainId === chainId)
      for (const spec of source.contracts) if (agrees(request, spec)) return spec
  return null
}

/** True when everything that is given is so. */
function agrees(given: unknown, found: unknown): boolean {
  if (given === undefined) return true
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return JSON.stringify(given) === JSON.stringify(found)
  if (typeof found !== 'object' || found === null) return false
  return Object.entries(given).every(([key, value]) => agrees(value, (found as Record<string, unknown>)[key]))
}
