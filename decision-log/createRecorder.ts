import {
  type Decision,
  type DecisionStore,
  type Hash,
  InvalidInputError,
  NOT_SEALED,
  type UnsequencedDecision,
} from '../core/index.ts'
import { appendPatiently, type RecorderPatience } from './appendPatiently.ts'
import type { AgentSigner } from './createSigner.ts'
import type { LogDomain } from './decisionTypes.ts'
import { type Embargo, revealTimeOf } from './embargo.ts'
import { hashRecord } from './hashRecord.ts'
import { loadFastKeccak } from './loadFastKeccak.ts'
import { type LoggedDecision, mintLogged } from './mintLogged.ts'
import { encodeBody } from './recordBody.ts'
import { sealedSaltOf } from './revealKeys.ts'
import { sealDecision } from './sealDecision.ts'
import { signTogether } from './signTogether.ts'

/** Records an agent's decisions, so that they may be acted on. */
export type Recorder = {
  /**
   * Signs the decisions and makes them durable, all or none, and returns them with their receipts.
   *
   * @param dataRoot Binds every observation that the agent has seen up to these decisions.
   * @throws InvalidInputError when a decision has a field of the wrong form, or is another agent's.
   * @throws TakenOverError when another host records for the agent.
   * @throws IntegrityError when a sequence is not the agent's next. Either way nothing is written.
   */
  record(decisions: readonly Decision[], dataRoot: Hash): Promise<LoggedDecision[]>
}

/** Creates the recorder of one agent over a store; records are bound to the log that will anchor them. */
export function createRecorder({
  store,
  signer,
  domain,
  host,
  patience,
  embargo,
}: {
  readonly store: DecisionStore
  readonly signer: AgentSigner
  readonly domain: LogDomain
  /** Names this host: where another one's epoch is stored for the agent, nothing is recorded. */
  readonly host?: Hash
  /** Waits while the store cannot write; unless given, the first failure is the caller's. */
  readonly patience?: RecorderPatience
  /** Keeps the bodies back for a while; absent, they are public at once. */
  readonly embargo?: Embargo
}): Recorder {
  function encode(decision: Decision, dataRoot: Hash) {
    if (decision.agent !== signer.agent) throw foreignDecision(decision, signer)
    const { agent, sequence, instrument, timeMs } = decision
    const revealAtMs = embargo === undefined ? NOT_SEALED : revealTimeOf(timeMs, embargo)
    const key = embargo === undefined ? null : signer.revealKeyFor(revealAtMs, domain)
    const salt = key === null ? signer.saltFor(sequence, domain) : sealedSaltOf(key, sequence)
    const record = { ...decision, dataRoot, revealAtMs, salt }
    // Encoding checks every field first: the hash is only taken of a record that can be read again.
    const body = encodeBody(record)
    const leaf = hashRecord(record, domain)
    const seal = key === null ? null : { key, revealAtMs }
    return { agent, sequence, kind: decision.output.kind, instrument, timeMs, body, leaf, seal }
  }

  async function sign(encoded: readonly ReturnType<typeof encode>[]): Promise<UnsequencedDecision[]> {
    const signatures = await signTogether(encoded, signer, domain)
    return Promise.all(
      encoded.map(({ agent, sequence, kind, instrument, timeMs, body, leaf, seal }, index) => {
        const signature = signatures[index] ?? unreachable()
        const row = { agent, sequence, kind, instrument, timeMs, body, leaf, signature }
        if (seal === null) return row
        return sealDecision({ signer, domain, ...row, ...seal }).then(sealed => ({ ...row, sealed }))
      }),
    )
  }

  // Hashes are the same without it.
  const fast = loadFastKeccak()
  return {
    async record(decisions, dataRoot) {
      if (decisions.length === 0) return []
      await fast
      const signed = await sign(decisions.map(decision => encode(decision, dataRoot)))
      await appendPatiently(store, signed, { host, patience })
      return decisions.map((decision, index) => {
        const { agent, sequence, leaf, signature } = signed[index] ?? unreachable()
        return mintLogged(decision, { agent, sequence, leaf, signature })
      })
    },
  }
}

function foreignDecision(decision: Decision, { agent }: AgentSigner): InvalidInputError {
  return new InvalidInputError(
    `The decision is agent ${decision.agent}'s, and the key is ${agent}'s: it cannot be signed.`,
    {
      facts: { decisionAgent: decision.agent, signer: agent, sequence: decision.sequence },
      hint: "Give the recorder the agent's own key; an agent's id is its key's address.",
    },
  )
}

function unreachable(): never {
  throw new InvalidInputError('The list of decisions changed while it was being recorded.', {
    hint: 'Do not change a list that was handed to a recorder.',
  })
}
