import { parentPort } from 'node:worker_threads'
import { recoverSigner, type SignedHash } from './batchSignature.ts'

// A thread of `recoverSigners`: it answers each list of signatures with the addresses that made them.
parentPort?.on('message', async (signed: readonly SignedHash[]) => {
  parentPort?.postMessage(await Promise.all(signed.map(recoverSigner)))
})
