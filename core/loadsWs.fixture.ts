import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'

// A thread that loads ws, and says what native modules came with it.
const load = createRequire(import.meta.url)
load('ws')
parentPort?.postMessage(Object.keys(load.cache).filter(path => path.endsWith('.node')))
