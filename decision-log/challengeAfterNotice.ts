import { type Address, InvalidInputError, TouchstoneError, UnavailableError } from '../core/index.ts'
import type { Claim } from './challengeClaim.ts'
import type { LogDomain } from './decisionTypes.ts'
import { giveNotice, noticeStands, openNotice } from './giveNotice.ts'
import { NOT_AUTHENTIC, type ProvenLie, sendChallenge, tryChallenge } from './sendChallenge.ts'
import { type SignedStatement, statementsIn } from './signedStatement.ts'
import type { Sender } from './transact.ts'

/**
 * Proves a lie to the `Challenge` contract so that the liar cannot get away by changing the agent's key when it sees the
 * challenge come: gives notice of what the claim takes from signatures first, which names nobody, and falls back on it.
 *
 * @throws as `sendChallenge` does. Of a claim that proves nothing, nothing is sent.
 */
export async function challengeAfterNotice(
  sender: Sender,
  options: { readonly challenge: Address; readonly claim: Claim; readonly domain: LogDomain },
): Promise<ProvenLie> {
  const { challenge, claim, domain } = options
  const statements = statementsIn(claim, domain)
  const refusal = await refusalOf(tryChallenge(sender, options))
  if (refusal === null) {
    for (const statement of statements) await giveNotice(sender, { challenge, statement, domain })
    try {
      return await sendChallenge(sender, options)
    } catch (error) {
      // Mined after a change of keys, it was reverted; what it would end with now says so.
      const failed =
        error instanceof UnavailableError ? await refusalOf(tryChallenge(sender, options)) : error
      if (!isForTheKey(failed)) throw failed ?? error
    }
  } else if (!isForTheKey(refusal) || !(await allNoticed(sender, challenge, statements))) throw refusal
  for (const statement of statements) await openNotice(sender, { challenge, statement })
  return sendChallenge(sender, options)
}

async function allNoticed(
  sender: Sender,
  challenge: Address,
  statements: readonly SignedStatement[],
): Promise<boolean> {
  for (const statement of statements)
    if (!(await noticeStands(sender, { challenge, statement }))) return false
  return statements.length > 0
}

/** Whether a challenge fails for its signature alone: it is not the present key's. */
function isForTheKey(error: unknown): boolean {
  return error instanceof InvalidInputError && error.facts['error'] === NOT_AUTHENTIC
}

async function refusalOf(attempt: Promise<void>): Promise<TouchstoneError | null> {
  try {
    await attempt
    return null
  } catch (error) {
    if (error instanceof TouchstoneError) return error
    throw error
  }
}
