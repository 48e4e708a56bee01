import { type Decision, type DecisionStore, type Hash, InvalidInputError } from '../core/index.ts'
import type { AgentSigner } from './createSigner.ts'
import type { LogDomain } from './decisionTypes.ts'
import { hashRecord } from './hashRecord.ts'
import { type LoggedDecision, mintLogged } from './mintLogged.ts'
import { encodeBody } from './recordBody.ts'

/** Records an agent's decisions, so that they may be acted on. */
export type Recorder = {
  /**
   * Signs the decisions and makes them durable, all or none, and returns them with their receipts.
   *
   * @param dataRoot Binds every observation that the agent has seen up to these decisions.
   * @throws InvalidInputError when a decision has a field of the wrong form, or is another agent's.
   * @throws IntegrityError when a sequence is not the agent's next. Either way nothing is written.
   */
  record(decisions: readonly Decision[], dataRoot: Hash): Promise<LoggedDecision[]>
}

/** Creates the recorder of one agent over a store; records are bound to the log that will anchor them. */
export function createRecorder({
  store,
  signer,
  domain,
}: {
  readonly store: DecisionStore
  readonly signer: AgentSigner
  readonly domain: LogDomain
}): Recorder {
  async function sign(decision: Decision, dataRoot: Hash) {
    if (decision.agent !== signer.agent) throw foreignDecision(decision, signer)
    const { agent, sequence, instrument, timeMs } = decision
    const record = { ...decision, dataRoot, salt: signer.saltFor(sequence, domain) }
    // Encoding checks every field first: the hash is only taken of a record that can be read again.
    const body = encodeBody(record)
    const leaf = hashRecord(record, domain)
    const signature = await signer.sign(leaf)
    return { agent, sequence, kind: decision.output.kind, instrument, timeMs, body, leaf, signature }
  }

  return {
    async record(decisions, dataRoot) {
      if (decisions.length === 0) return []
      const signed = await Promise.all(decisions.map(decision => sign(decision, dataRoot)))
      await store.append(signed)
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
