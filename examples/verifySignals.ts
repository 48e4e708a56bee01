import type { DecisionMessage, FeedMessage } from 'touchstone/hono-server'
import { createVerifier } from 'touchstone/verify'
import { createPublicClient, type Hex, http } from 'viem'
import { WebSocket } from 'ws'

/** Follows a feed's signals from the first, and checks each against a log that it reads from its own node. */
export async function verifySignals(feedUrl: string, rpcUrl: string, contract: Hex, print = console.log) {
  const chainId = await createPublicClient({ transport: http(rpcUrl) }).getChainId()
  const domain = { chainId, verifyingContract: contract }
  const verifier = createVerifier({ rpcUrl, domain })
  const waiting = new Map<number, DecisionMessage>()
  const socket = new WebSocket(feedUrl)
  socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', from: 0, kinds: ['signal'] })))
  socket.on('message', data => {
    const message: FeedMessage = JSON.parse(String(data))
    if (message.type === 'error') print(`error  ${message.message} ${message.hint}`)
    if (message.type === 'decision') waiting.set(message.feedSequence, message)
    const decision = message.type === 'proof' ? waiting.get(message.feedSequence) : undefined
    if (message.type !== 'proof' || decision === undefined) return
    waiting.delete(message.feedSequence)
    const name = `${decision.agent}/${decision.sequence}`
    // Body, leaf, signature, Merkle proof and the log's own event, against nothing but the node.
    verifier.verify(decision, message).then(
      ({ record, commit, steps }) => {
        const fault = steps.find(({ result }) => result === 'different')
        if (fault?.result === 'different')
          print(`FALSE  ${name}  ${fault.what}: expected ${fault.expected}, found ${fault.found}`)
        else
          print(
            `true   ${name}  ${record?.instrument}  ${JSON.stringify(record?.output)}  block ${commit?.blockNumber}`,
          )
      },
      error => print(`later  ${name}  ${error.message}`),
    )
  })
  return socket
}

if (process.argv[1] === import.meta.filename) {
  const [feed = 'ws://127.0.0.1:8080/v1/feed', rpc = 'http://127.0.0.1:8545', contract] =
    process.argv.slice(2)
  if (!contract) throw new Error('Usage: verifySignals.ts <feed> <rpc> <address of the log that you trust>')
  await verifySignals(feed, rpc, `0x${contract.slice(2).toLowerCase()}`)
}
