export { type ChainRowOptions, decodeRawChainRow } from './decode/chainRow.ts'
export { compileEventDecoder, type EncodedEvent, type EventDecoder } from './decode/compileEventDecoder.ts'
export {
  type AccountantSpec,
  type AsyncVaultSpec,
  addressesOf,
  type ContractSpec,
  checkContracts,
  type DistributorSpec,
  type Erc20Spec,
  type EventsSpec,
  instrumentOf,
  type OracleSpec,
  type PermissionedTokenSpec,
  type PoolSpec,
  streamOf,
  type VaultSpec,
} from './decode/contractSpec.ts'
export type { EventArguments } from './decode/eventArguments.ts'
export { eventDecoders } from './decode/eventDecoders.ts'
export { type NormaliseOptions, normaliseByFirst, normaliseLog } from './decode/normaliseLog.ts'
export { type BlockTimeAnchor, derivedBlockHash, type PlacedLog, placeLog } from './decode/placeLog.ts'
export { poolPriceE8 } from './decode/poolPrice.ts'
export { parseRpcLog, type RpcLog } from './decode/rpcLog.ts'
export type { ContractRequest, InstrumentRequest } from './describe/contractRequest.ts'
export { type DescribeOptions, describeContract } from './describe/describeContract.ts'
export { type ClockSkew, createClockSkew } from './exchange/clockSkew.ts'
export { decodeRawExchangeRow, type ExchangeRow } from './exchange/exchangeRow.ts'
export { type ExchangeSpec, type ExchangeStream, exchangeFeed } from './exchange/exchangeSpec.ts'
export { type ExchangeCounts, type FollowExchangeOptions, followExchange } from './exchange/followExchange.ts'
export { type BarCounts, EXCHANGE_STREAM, type IngestBarsOptions, ingestBars } from './exchange/ingestBars.ts'
export { type ExchangeConnection, type OpenExchangeOptions, openExchange } from './exchange/openExchange.ts'
export { type ReadExchangeBarsOptions, readExchangeBars } from './exchange/readExchangeBars.ts'
export { decodeRawFeedRow } from './feeds/feedRow.ts'
export type { FeedSpec, NavFeed, YieldCurveFeed } from './feeds/feedSpec.ts'
export { type FeedCounts, type IngestFeedOptions, ingestFeed } from './feeds/ingestFeed.ts'
export { type NavHistoryOptions, navFeed, readNavHistory } from './feeds/readNavHistory.ts'
export { readYieldCurve, type YieldCurveOptions, yieldCurveFeed } from './feeds/readYieldCurve.ts'
export type { BarColumnNames } from './files/barColumns.ts'
export type { BarFeed } from './files/barFeed.ts'
export type { BarGaps } from './files/barTimes.ts'
export { type BarFileOptions, barFeed, readBars } from './files/readBars.ts'
export type { IngestCounts, IngestedBatch, Reorg, StoredBlocks } from './history/chainSync.ts'
export { DEFAULT_FINALITY_BLOCKS, type Finality } from './history/finality.ts'
export {
  DEFAULT_POLL_MS,
  type FollowChainOptions,
  followChain,
} from './history/followChain.ts'
export { type IngestHistoryOptions, type IngestProgress, ingestHistory } from './history/ingestHistory.ts'
export { mapInOrder } from './history/inOrder.ts'
export {
  type ChainBatch,
  type ChainProgress,
  type ReadChainOptions,
  readChainObservations,
} from './history/readChainObservations.ts'
export { type RecordingSummary, type RecordLogsOptions, recordLogs } from './history/recordLogs.ts'
export { plume } from './presets/plume.ts'
export type {
  OpenRequests,
  RequestAmounts,
  RequestDirection,
  RequestTracker,
} from './requests/requestTracker.ts'
export { trackRequests } from './requests/trackRequests.ts'
export type { ChainSource } from './sources/chainSource.ts'
export type { EndpointStatistics } from './sources/endpointPool.ts'
export { createRecordedSource, type RecordedSourceOptions } from './sources/recordedSource.ts'
export { createRpcSource, type RpcSource, type RpcSourceOptions } from './sources/rpcSource.ts'
