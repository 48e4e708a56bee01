import {
  type AnchoredAgent,
  type AnchorRelayOptions,
  type AnchorWorker,
  createAnchorRelay,
} from './createAnchorRelay.ts'

export type AnchorWorkerOptions = Omit<AnchorRelayOptions, 'account'> & AnchoredAgent

/** Creates the worker of one agent, which sends its commits by the agent's own key. */
export function createAnchorWorker(options: AnchorWorkerOptions): AnchorWorker {
  return createAnchorRelay({ ...options, account: options.signer.account }).add(options)
}
