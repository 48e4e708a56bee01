import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type AgentId, threadFile, UnavailableError } from '../core/index.ts'
import { recoverSigner, type SignedDecision, type SignedHash, signedHashOf } from './batchSignature.ts'
import type { LogDomain } from './decisionTypes.ts'

/** Finds who signed, many decisions at a time; several may ask at once, and have their turns. */
export type SignerFinder = {
  /** The addresses that signed the decisions, in their order; null where a signature is none. */
  signersOf(decisions: readonly SignedDecision[]): Promise<(AgentId | null)[]>
  close(): Promise<void>
}

/** Fewer signatures are done before another thread has started. */
const LEAST_FOR_THREADS = 500

/**
 * Creates a finder that recovers signers, by far the dearest part of checking a record, on several threads, which it
 * starts when there is enough to do; a batch that was signed once is recovered once.
 *
 * @param threads Most threads; one for each core unless given, 0 for none.
 */
export function createSignerFinder(domain: LogDomain, threads = availableParallelism()): SignerFinder {
  let crew: RecoverThread[] = []
  let turn: Promise<unknown> = Promise.resolve()

  async function recover(signed: readonly SignedHash[]): Promise<(AgentId | null)[]> {
    if (threads < 2 || signed.length < LEAST_FOR_THREADS) return Promise.all(signed.map(recoverSigner))
    // One list at a time: a thread's answers do not say whose they are.
    const recovered = turn.then(() => recoverOnThreads(signed))
    turn = recovered.catch(() => undefined)
    return recovered
  }

  async function recoverOnThreads(signed: readonly SignedHash[]): Promise<(AgentId | null)[]> {
    if (crew.length === 0) crew = Array.from({ length: threads }, startThread)
    const share = Math.ceil(signed.length / crew.length)
    try {
      const parts = await Promise.all(
        crew.map((thread, place) => thread.recover(signed.slice(place * share, (place + 1) * share))),
      )
      return parts.flat()
    } catch (error) {
      // Of the others, answers are still to come, and the one that ended gives none: the next list has new threads.
      await close()
      throw error
    }
  }

  async function close(): Promise<void> {
    const ending = crew
    crew = []
    await Promise.all(ending.map(thread => thread.close()))
  }

  return {
    async signersOf(decisions) {
      const signed = decisions.map(decision => signedHashOf(decision, domain))
      const places = new Map<string, number>()
      const unique: SignedHash[] = []
      for (const each of signed) {
        if (each === null || places.has(keyOf(each))) continue
        places.set(keyOf(each), unique.length)
        unique.push(each)
      }
      const signers = await recover(unique)
      return signed.map(each => (each === null ? null : (signers[places.get(keyOf(each)) ?? -1] ?? null)))
    },
    close,
  }
}

const keyOf = ({ hash, signature }: SignedHash): string => hash + signature

type RecoverThread = {
  recover(signed: readonly SignedHash[]): Promise<(AgentId | null)[]>
  close(): Promise<void>
}

function startThread(): RecoverThread {
  const worker = new Worker(...threadFile(import.meta.url, 'recoverThread', null))
  // An audit that is given up must not keep the process alive.
  worker.unref()
  return {
    recover: signed =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          worker.off('message', answered)
          worker.off('error', failed)
          worker.unref()
          settle()
        }
        const answered = (signers: (AgentId | null)[]) => end(() => resolve(signers))
        const failed = (error: Error) => end(() => reject(ended(error.message)))
        worker.ref()
        worker.on('message', answered)
        worker.on('error', failed)
        worker.postMessage(signed)
      }),
    async close() {
      await worker.terminate()
    },
  }
}

function ended(reason: string): UnavailableError {
  return new UnavailableError(`A thread that checks signatures ended: ${reason}.`, {
    facts: { reason },
    hint: 'Try again; if it ends again, report it with this message.',
  })
}
