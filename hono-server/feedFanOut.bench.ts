// Measures how long a recorded signal takes to reach each of many feed clients. The clients run in a process
// of their own. Run it with: npx tsx hono-server/feedFanOut.bench.ts [clients] [messages per second] [seconds]
import { fork } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { createFeed } from './createFeed.ts'
import { startServer } from './startServer.ts'
import { agentOf, createMemoryLog, TEST_DOMAIN } from './test/memoryLog.ts'

const WARM_UP_SECONDS = 3
/** A body as large as a real one: features, attributions, hashes. */
const BODY_BYTES = 1_200
const AGENT = agentOf(1)

// CLOCK_MONOTONIC is one clock for all processes of a machine.
const nowMicros = () => Number(process.hrtime.bigint() / 1_000n)

async function runClients(url: string, count: number): Promise<void> {
  let latencies: number[] = []
  let proofs = 0
  let dropped = 0
  let subscribed = 0
  let closing = false
  for (let index = 0; index < count; index++) {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    socket.on('open', () => socket.send('{"type":"subscribe","kinds":["signal"]}'))
    socket.on('close', () => {
      if (!closing) dropped += 1
    })
    socket.on('message', (data: Buffer) => {
      const received = nowMicros()
      const text = data.toString('latin1')
      if (text.startsWith('{"type":"decision"')) {
        const at = text.indexOf('sentAt=')
        latencies.push(received - Number(text.slice(at + 7, at + 23)))
      } else if (text.startsWith('{"type":"proof"')) proofs += 1
      else if (text.startsWith('{"type":"subscribed"') && ++subscribed === count) process.send?.('ready')
    })
    if (index % 50 === 49) await sleep(10)
  }
  process.on('message', message => {
    if (message === 'reset') {
      latencies = []
      proofs = 0
    } else {
      closing = true
      const sorted = Float64Array.from(latencies).sort()
      const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1_000
      process.send?.(
        { received: sorted.length, proofs, dropped, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
        () => process.exit(0),
      )
    }
  })
}

async function measure(clients: number, perSecond: number, seconds: number): Promise<void> {
  const log = createMemoryLog(async () => undefined)
  const feed = createFeed({
    decisions: log.store,
    proofOf: log.proofOf,
    domain: TEST_DOMAIN,
    maxClients: clients,
    maxClientsPerAddress: clients,
  })
  const server = await startServer({ app: { fetch: () => new Response() }, feed, port: 0 })
  const child = fork(import.meta.filename, ['--clients', server.wsUrl, String(clients)])
  const answer = () => new Promise<unknown>(resolve => child.once('message', resolve))
  await answer()

  const send = async (forSeconds: number) => {
    const start = performance.now()
    for (let index = 0; index < forSeconds * perSecond; index++) {
      await sleep(Math.max(0, start + (index * 1_000) / perSecond - performance.now()))
      const stamp = `sentAt=${String(nowMicros()).padStart(16, '0')}`
      await log.record(AGENT, 1, 'signal', BODY_BYTES, stamp)
      feed.notifyRecorded()
      // A batch each two seconds, as on a chain of two-second blocks: each client gets its proofs in a burst.
      if (index % (2 * perSecond) === 2 * perSecond - 1) {
        await log.anchor(AGENT)
        feed.notifyAnchored(AGENT)
      }
    }
    await sleep(500)
  }
  await send(WARM_UP_SECONDS)
  child.send('reset')
  const cpu = process.cpuUsage()
  await send(seconds)
  const { user, system } = process.cpuUsage(cpu)
  child.send('report')
  const result = {
    clients,
    perSecond,
    seconds,
    expected: clients * perSecond * seconds,
    latencyMs: await answer(),
    serverCpuShare: Number(((user + system) / 1e6 / seconds).toFixed(2)),
    serverRssMb: Math.round(process.memoryUsage.rss() / 1e6),
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`,
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  await server.close()
}

const [mode, ...values] = process.argv.slice(2)
if (mode === '--clients') await runClients(values[0] ?? '', Number(values[1]))
else {
  const [clients = 1_000, perSecond = 20, seconds = 15] = [mode, ...values].filter(Boolean).map(Number)
  await measure(clients, perSecond, seconds)
}
