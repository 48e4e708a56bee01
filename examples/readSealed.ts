import { envelopeIn, openGranted } from 'touchstone/decision-log'
import type { FeedMessage, SealedMessage } from 'touchstone/hono-server'
import { createPublicClient, type Hex, http } from 'viem'
import { WebSocket } from 'ws'

/** Reads an agent's sealed decisions at once, with a key that the agent granted them to; whoever has none waits. */
export async function readSealed(
  feedUrl: string,
  rpcUrl: string,
  contract: Hex,
  keys: { readonly publicKey: Hex; readonly privateKey: Hex },
  print = console.log,
) {
  const chainId = await createPublicClient({ transport: http(rpcUrl) }).getChainId()
  const domain = { chainId, verifyingContract: contract }
  const waiting = new Map<number, SealedMessage>()
  const socket = new WebSocket(feedUrl)
  const request = { type: 'subscribe', from: 0, grantKey: keys.publicKey }
  socket.on('open', () => socket.send(JSON.stringify(request)))
  socket.on('message', data => {
    const message: FeedMessage = JSON.parse(String(data))
    if (message.type === 'error') print(`error    ${message.message} ${message.hint}`)
    if (message.type === 'sealed') waiting.set(message.feedSequence, message)
    if (message.type === 'revealed')
      print(`revealed ${message.agent}/${message.sequence}  ${message.instrument}  ${message.kind}`)
    const sealed = message.type === 'granted' ? waiting.get(message.feedSequence) : undefined
    if (message.type !== 'granted' || sealed === undefined) return
    waiting.delete(message.feedSequence)
    const { agent, sequence, envelopeSignature: signature } = sealed
    const envelope = envelopeIn(sealed)
    // Checks that the agent signed the envelope, and that what comes out is the record that it anchors.
    openGranted({ envelope, signature, granted: message, privateKey: keys.privateKey, domain }).then(
      ({ record: { output, instrument } }) =>
        print(`granted  ${agent}/${sequence}  ${instrument}  ${JSON.stringify(output, stringOfBigint)}`),
      error => print(`FALSE    ${agent}/${sequence}  ${error.message}`),
    )
  })
  return socket
}

const stringOfBigint = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

if (process.argv[1] === import.meta.filename) {
  const [feed = '', rpc = '', contract, publicKey, privateKey = process.env['GRANT_KEY']] =
    process.argv.slice(2)
  if (!contract || !publicKey || !privateKey)
    throw new Error('Usage: GRANT_KEY=0x… readSealed.ts <feed> <rpc> <log> <your public key>')
  const hex = (text: string): Hex => `0x${text.slice(2).toLowerCase()}`
  await readSealed(feed, rpc, hex(contract), { publicKey: hex(publicKey), privateKey: hex(privateKey) })
}
