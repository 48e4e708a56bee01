import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { threadFile } from './threadFile.ts'

// A thread that is ended while the native helper of ws loads takes the whole process with it: it is rare, and was seen.
test('a thread that loads ws loads no native module with it', async () => {
  const worker = new Worker(...threadFile(import.meta.url, 'loadsWs.fixture', null))
  try {
    const native = await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    expect(native).toEqual([])
  } finally {
    await worker.terminate()
  }
})
