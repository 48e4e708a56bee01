import {
  type ChainSource,
  createRecordedSource,
  createRpcSource,
  type RpcSource,
} from '../chain-ingest/index.ts'
import type { SourceConfig } from './projectSchema.ts'
import type { Workspace } from './workspace.ts'

/** A source that is a chain: a node or a recording of one. */
export type ChainConfig = Extract<SourceConfig, { kind: 'rpc' | 'recording' }>
/** A source that is a market of an exchange. */
export type ExchangeConfig = Extract<SourceConfig, { kind: 'exchange' }>
/** A source that is a file of a publisher. */
export type FileConfig = Exclude<SourceConfig, ChainConfig | ExchangeConfig>

export const isChainConfig = (config: SourceConfig): config is ChainConfig =>
  config.kind === 'rpc' || config.kind === 'recording'

/** Opens a chain source of a project for as long as `use` runs. */
export async function withChainSource<T>(
  workspace: Workspace,
  config: ChainConfig,
  { follow }: { readonly follow: boolean },
  use: (source: ChainSource | RpcSource) => Promise<T>,
): Promise<T> {
  const source = await openChainSource(workspace, config, follow)
  try {
    return await use(source)
  } finally {
    await source.close()
  }
}

async function openChainSource(
  workspace: Workspace,
  config: ChainConfig,
  follow: boolean,
): Promise<ChainSource | RpcSource> {
  if (config.kind === 'recording') {
    const { files, chainId, anchor } = config
    return createRecordedSource({ files, chainId, ...(anchor === null ? {} : { anchor }) })
  }
  const { chainId, requestsPerSecond } = config
  const urls = typeof config.url === 'string' ? [config.url] : config.url
  return createRpcSource({
    url: await Promise.all(urls.map(url => (follow ? workspace.followUrl(url) : workspace.httpUrl(url)))),
    expectedChainId: chainId,
    ...(requestsPerSecond === null ? {} : { requestsPerSecond }),
  })
}
