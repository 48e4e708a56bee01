import type { AgentId, DecisionStore, Hash, RecordedDecision } from '../core/index.ts'
import type { SignerFinder } from './recoverSigners.ts'
import type { DecisionSelection } from './selectDecisions.ts'

/** Rows read from the store at once, and their signatures checked at once. */
const PAGE = 1_000

/** An agent's stored decisions, with who signed them. */
export type SignedRows = {
  /** A stored decision; asked for in ascending order. Null where the store has none. */
  rowAt(sequence: number): Promise<RecordedDecision | null>
  /** The address that signed a row of `rowAt` for a leaf, which may be another than the stored one; null for none. */
  signerOf(row: RecordedDecision, leaf: Hash): Promise<AgentId | null>
  /** Waits until nothing of the store is read any more. */
  close(): Promise<void>
}

type Page = {
  readonly from: number
  readonly to: number
  readonly rows: ReadonlyMap<number, RecordedDecision>
  readonly signers: ReadonlyMap<RecordedDecision, AgentId | null>
}

/**
 * Reads an agent's decisions a page at a time, and recovers who signed the selected ones; it does so for the next page
 * while the caller looks at this one.
 */
export function createSignedRows(options: {
  readonly decisions: DecisionStore
  readonly agent: AgentId
  readonly selection: DecisionSelection
  readonly signers: SignerFinder
}): SignedRows {
  const { decisions, agent, selection, signers } = options
  let page: Page | null = null
  let next: { readonly from: number; readonly page: Promise<Page> } | null = null

  // Not the row's own agent: it may have been changed.
  const signed = ({ sequence, signature }: RecordedDecision, leaf: Hash) => ({
    agent,
    sequence,
    leaf,
    signature,
  })

  async function readPage(from: number): Promise<Page> {
    const to = Math.min(from + PAGE, Math.max(from, selection.last) + 1)
    const list = await decisions.list({ agent, fromSequence: from, limit: to - from })
    const selected = list.filter(({ sequence }) => sequence < to && selection.has(sequence))
    const found = await signers.signersOf(selected.map(row => signed(row, row.leaf)))
    return {
      from,
      to,
      rows: new Map(list.map(row => [row.sequence, row])),
      signers: new Map(selected.map((row, place) => [row, found[place] ?? null])),
    }
  }

  function startNext(after: number): void {
    const from = selection.from(after)
    if (from === null) return
    next = { from, page: readPage(from) }
    // Its failure is the caller's when the page is asked for, which may be never.
    next.page.catch(() => undefined)
  }

  return {
    async rowAt(sequence) {
      if (page === null || sequence < page.from || sequence >= page.to) {
        page = await (next?.from === sequence ? next.page : readPage(sequence))
        next = null
        startNext(page.to)
      }
      return page.rows.get(sequence) ?? null
    },
    async signerOf(row, leaf) {
      const known = leaf === row.leaf ? page?.signers.get(row) : undefined
      if (known !== undefined) return known
      const [signer = null] = await signers.signersOf([signed(row, leaf)])
      return signer
    },
    async close() {
      await next?.page.catch(() => undefined)
    },
  }
}
