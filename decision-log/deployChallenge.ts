import { challengeAbi, challengeBytecode } from '../contracts/abi/index.ts'
import { type Address, InvalidInputError, PPM, type Ppm, ppm } from '../core/index.ts'
import { openContractWriter } from './contractWriter.ts'
import type { Deployer } from './deployer.ts'
import { chainFailure } from './logChain.ts'
import { lowerCase } from './lowerCase.ts'

/** How long after a lie a stake is sure to be there for it, unless said otherwise: time for two weekly audits. */
export const DEFAULT_CHALLENGE_WINDOW_SECONDS = 14 * 86_400

/** How long stake waits for its release unless said otherwise: a week more, for who starts unbonding as he lies. */
export const DEFAULT_UNBONDING_SECONDS = 21 * 86_400

/** Share of a lost stake that is the challenger's unless said otherwise: a liar who challenges himself loses the rest. */
export const DEFAULT_REWARD_SHARE = ppm(0.5)

/** What agents stake, and how it is lost; fixed when the contracts are deployed. */
export type StakeTerms = {
  /** ERC-20 that agents stake. */
  readonly token: Address
  /** Default `DEFAULT_CHALLENGE_WINDOW_SECONDS`. */
  readonly challengeWindowSeconds?: number
  /** Longer than the challenge window; default `DEFAULT_UNBONDING_SECONDS`. */
  readonly unbondingSeconds?: number
  /** More than nothing; the rest of a lost stake is locked for good. Default `DEFAULT_REWARD_SHARE`. */
  readonly rewardShare?: Ppm
}

/**
 * Deploys a `Challenge` and, with it, its `AgentStake`, for the agents of a decision log.
 *
 * @throws UnavailableError when the node fails or refuses the transaction.
 * @throws InvalidInputError when the terms contradict each other, or the private key has the wrong form.
 */
export async function deployChallenge(
  options: Deployer & {
    readonly rpcUrl: string
    /** The decision log. */
    readonly log: Address
    /** The contract that runs sealed models. */
    readonly verifier: Address
    readonly terms: StakeTerms
  },
): Promise<{ readonly challenge: Address; readonly stake: Address }> {
  const { log, verifier, terms } = options
  const {
    token,
    challengeWindowSeconds = DEFAULT_CHALLENGE_WINDOW_SECONDS,
    unbondingSeconds = DEFAULT_UNBONDING_SECONDS,
    rewardShare = DEFAULT_REWARD_SHARE,
  } = terms
  if (unbondingSeconds <= challengeWindowSeconds)
    throw new InvalidInputError(
      `Stake that waits ${unbondingSeconds} s could leave within the challenge window of ${challengeWindowSeconds} s.`,
      {
        facts: { unbondingSeconds, challengeWindowSeconds },
        hint: 'Let unbonding take longer than the challenge window.',
      },
    )
  if (rewardShare <= 0 || rewardShare > PPM)
    throw new InvalidInputError(
      `A challenger's share of ${rewardShare} millionths is nothing, or above all.`,
      {
        facts: { rewardShare },
        hint: 'Give a share above 0 and up to 1,000,000.',
      },
    )
  const writer = openContractWriter(options)
  const { address: challenge } = await writer.deploy(
    {
      abi: challengeAbi,
      bytecode: challengeBytecode,
      args: [log, verifier, token, BigInt(challengeWindowSeconds), BigInt(unbondingSeconds), rewardShare],
    },
    'deploy the challenge contract',
  )
  try {
    const stake = await writer.client.readContract({
      address: challenge,
      abi: challengeAbi,
      functionName: 'stake',
    })
    return { challenge, stake: lowerCase(stake) }
  } catch (error) {
    throw chainFailure(error, 'name the stake of the challenge contract')
  }
}
