import { type Abi, getAbiItem, parseAbi, parseEventLogs } from 'viem'
import { agentStakeAbi, challengeAbi } from '../contracts/abi/index.ts'
import {
  type Address,
  type AgentId,
  type Hash,
  IntegrityError,
  InvalidInputError,
  type TouchstoneError,
  UnavailableError,
} from '../core/index.ts'
import { type Claim, encodeClaim } from './challengeClaim.ts'
import type { LogDomain } from './decisionTypes.ts'
import { chainFailure, connect } from './logChain.ts'
import { lowerCase } from './lowerCase.ts'
import { type Refusal, type Sender, type Transaction, transact, tryTransaction } from './transact.ts'

/** A lie that was proved on chain. */
export type ProvenLie = {
  readonly agent: AgentId
  readonly sequence: number
  /** Address that proved it, and may claim the reward from the stake. */
  readonly challenger: Address
  /** What the agent lost, in the smallest unit of the stake's token; 0 where nothing was staked. */
  readonly amount: bigint
  /** What of it is the challenger's. */
  readonly reward: bigint
  readonly transactionHash: Hash
  readonly blockNumber: number
  readonly gasUsed: bigint
}

type ChallengeOptions = { readonly challenge: Address; readonly claim: Claim; readonly domain: LogDomain }

/**
 * Proves a lie of an agent to the `Challenge` contract: its stake is taken, and it is marked for good.
 *
 * @throws InvalidInputError when the claim proves nothing; the message says why, and nothing was sent.
 * @throws IntegrityError when a body of the claim is none.
 * @throws UnavailableError when the node fails, or somebody else was quicker.
 */
export async function sendChallenge(sender: Sender, options: ChallengeOptions): Promise<ProvenLie> {
  const { challenge } = options
  const receipt = await transact(sender, challengeCall(options))
  const { logs, transactionHash, blockNumber, gasUsed } = receipt
  const [proved] = parseEventLogs({ abi: [LIE_PROVED], logs })
  const [slashed] = parseEventLogs({ abi: [STAKE_SLASHED], logs })
  if (proved === undefined || slashed === undefined)
    throw new IntegrityError(`Transaction ${transactionHash} was taken, but proved nothing.`, {
      facts: { transactionHash, challenge },
      hint: 'Check that the address is that of a Challenge contract.',
    })
  return {
    agent: lowerCase(proved.args.agent),
    sequence: Number(proved.args.sequence),
    challenger: lowerCase(proved.args.challenger),
    amount: proved.args.amount,
    reward: slashed.args.reward,
    transactionHash,
    blockNumber: Number(blockNumber),
    gasUsed,
  }
}

/**
 * Tries a claim without sending anything.
 *
 * @throws as `sendChallenge` does for a claim that proves nothing.
 */
export function tryChallenge(sender: Sender, options: ChallengeOptions): Promise<void> {
  return tryTransaction(sender, challengeCall(options))
}

function challengeCall({ challenge, claim, domain }: ChallengeOptions): Transaction {
  return {
    to: challenge,
    data: encodeClaim(claim, domain),
    abi: [...challengeAbi, ...VERIFIER_ERRORS] as Abi,
    doing: 'prove a lie to the challenge contract',
    refused: refusal => refusedClaim(refusal),
  }
}

/**
 * The log whose agents a `Challenge` contract judges.
 *
 * @throws UnavailableError when the node fails, or no such contract is at the address.
 */
export async function readChallengedLog(rpcUrl: string, challenge: Address): Promise<LogDomain> {
  const client = connect(rpcUrl)
  try {
    const [chainId, log] = await Promise.all([
      client.getChainId(),
      client.readContract({ address: challenge, abi: challengeAbi, functionName: 'log' }),
    ])
    return { chainId, verifyingContract: lowerCase(log) }
  } catch (error) {
    throw chainFailure(error, 'name the log of the challenge contract')
  }
}

/** The contract's error for what neither a key nor an anchor makes the agent's. */
export const NOT_AUTHENTIC = 'NotAuthentic'

const LIE_PROVED = getAbiItem({ abi: challengeAbi, name: 'LieProved' })
const STAKE_SLASHED = getAbiItem({ abi: agentStakeAbi, name: 'StakeSlashed' })

/** What the contract that runs the models ends with, where it cannot run one. */
const VERIFIER_ERRORS = parseAbi([
  'error UnknownModel(bytes32 model)',
  'error WrongFeatures(uint256 expected, uint256 given)',
])

/** What a refused claim lacks, as an error. */
function refusedClaim({ name, args }: Refusal): TouchstoneError {
  const [first, second] = args
  switch (name) {
    case NOT_AUTHENTIC:
      return new InvalidInputError(
        `Decision ${second} of agent ${first} is neither signed by the agent's present key nor anchored as the claim says.`,
        {
          facts: { agent: String(first), sequence: Number(second), error: NOT_AUTHENTIC },
          hint: 'What a retired key signed counts only where it is anchored, or you gave notice of it before; read the anchors again if the log has grown.',
        },
      )
    case 'NoPrediction':
      return new InvalidInputError('The decision holds no prediction that could be false.', {
        facts: { kind: Number(first) },
        hint: 'Only the prediction of a signal can be run again on chain; audit the decision for the rest.',
      })
    case 'OutputIsTrue':
      return new InvalidInputError(
        `The decision says what its model says: score ${first}, ${second} millionths for a rise.`,
        {
          facts: { score: Number(first), probabilityUpPpm: Number(second) },
          hint: 'There is nothing to challenge in its prediction.',
        },
      )
    case 'DifferentDecisions':
      return new InvalidInputError('The two decisions are not of one agent and sequence.', {
        hint: 'Pass two decisions that claim the same place.',
      })
    case 'StatementsAgree':
      return new InvalidInputError(`The two statements agree: both name leaf ${first}.`, {
        facts: { leaf: String(first) },
        hint: 'There is nothing to challenge.',
      })
    case 'ProvedBefore':
      return new InvalidInputError(`This lie was proved before: leaf ${first}.`, {
        facts: { leaf: String(first), otherLeaf: String(second) },
        hint: 'Each lie counts once; the agent is marked already.',
      })
    case 'UnknownModel':
      return new InvalidInputError(`Model ${first} cannot be run on chain: nobody has compiled it.`, {
        facts: { model: String(first) },
        hint: 'Publish the sealed model and compile it in the verifier, which anybody may do; then challenge again.',
      })
    case 'WrongFeatures':
      return new InvalidInputError(
        `The decision's features do not fit its model: ${second} bytes, where ${first} are needed.`,
        {
          facts: { expected: Number(first), given: Number(second) },
          hint: 'A model that cannot be run proves nothing on chain; an audit shows the fault.',
        },
      )
    default:
      return new UnavailableError(`The challenge was refused: ${name}.`, {
        facts: { error: name },
        hint: 'Check that the address is that of a Challenge contract of this version.',
      })
  }
}
