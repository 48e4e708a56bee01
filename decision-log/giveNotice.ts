import { encodeAbiParameters, encodeFunctionData, keccak256 } from 'viem'
import { challengeAbi } from '../contracts/abi/index.ts'
import { type Address, type Hash, InvalidInputError } from '../core/index.ts'
import { signerOf } from './batchSignature.ts'
import type { LogDomain } from './decisionTypes.ts'
import { accountOf } from './deployer.ts'
import { chainFailure, connect } from './logChain.ts'
import type { SignedStatement } from './signedStatement.ts'
import { keyOf } from './takeOver.ts'
import { type Refusal, type Sender, transact } from './transact.ts'

type NoticeOptions = {
  /** The `Challenge` contract. */
  readonly challenge: Address
  readonly statement: SignedStatement
}

/**
 * Gives notice of a signed statement by a hash that names neither it nor its agent: it then counts for the challenge
 * window though the agent changes its key. Sends nothing where notice stands, or the present key did not sign it.
 *
 * @returns Whether notice stands.
 * @throws UnavailableError when the node fails.
 */
export async function giveNotice(
  sender: Sender,
  { challenge, statement, domain }: NoticeOptions & { readonly domain: LogDomain },
): Promise<boolean> {
  if (await noticeStands(sender, { challenge, statement })) return true
  if (!(await isByPresentKey(sender, statement, domain))) return false
  const commitment = await commitmentTo(sender, { challenge, statement })
  await transact(sender, {
    to: challenge,
    data: encodeFunctionData({ abi: challengeAbi, functionName: 'giveNotice', args: [commitment] }),
    abi: challengeAbi,
    doing: 'give notice to the challenge contract',
    refused,
  })
  return true
}

/**
 * Shows what a notice of this sender was about: the statement then counts as signed by a key that was the agent's.
 *
 * @throws InvalidInputError when no notice of it stands, or another key was the agent's when it was given.
 * @throws UnavailableError when the node fails.
 */
export async function openNotice(sender: Sender, { challenge, statement }: NoticeOptions): Promise<void> {
  const { agent, sequence, digest, signature } = statement
  const salt = await saltOf(sender, { challenge, statement })
  await transact(sender, {
    to: challenge,
    data: encodeFunctionData({
      abi: challengeAbi,
      functionName: 'openNotice',
      args: [agent, BigInt(sequence), digest, signature, salt],
    }),
    abi: challengeAbi,
    doing: 'open a notice to the challenge contract',
    refused,
  })
}

/**
 * Tells whether this sender gave notice of a statement, and it still counts.
 *
 * @throws UnavailableError when the node fails.
 */
export async function noticeStands(sender: Sender, options: NoticeOptions): Promise<boolean> {
  const commitment = await commitmentTo(sender, options)
  const client = connect(sender.rpcUrl)
  try {
    const until = await client.readContract({
      address: options.challenge,
      abi: challengeAbi,
      functionName: 'noticeUntil',
      args: [commitment],
    })
    return until >= (await client.getBlock()).timestamp
  } catch (error) {
    throw chainFailure(error, 'read a notice')
  }
}

/**
 * The sender's own signature, hashed: nobody else can guess it, and the sender finds it again without keeping it.
 * Deterministic for a private key (RFC 6979).
 */
async function saltOf(sender: Sender, { challenge, statement }: NoticeOptions): Promise<Hash> {
  const { digest, signature } = statement
  const message = `Touchstone notice to ${challenge}: ${digest}, ${keccak256(signature)}`
  return keccak256(await accountOf(sender).signMessage({ message }))
}

/** Computed here as `commitmentOf` does in the contract: a node that were asked would learn what it hides. */
async function commitmentTo(sender: Sender, options: NoticeOptions): Promise<Hash> {
  const { agent, sequence, digest, signature } = options.statement
  return keccak256(
    encodeAbiParameters(COMMITTED, [
      agent,
      BigInt(sequence),
      digest,
      keccak256(signature),
      await saltOf(sender, options),
    ]),
  )
}

const COMMITTED = [
  { type: 'address' },
  { type: 'uint64' },
  { type: 'bytes32' },
  { type: 'bytes32' },
  { type: 'bytes32' },
] as const

async function isByPresentKey(
  { rpcUrl }: Sender,
  { agent, sequence, digest: leaf, signature }: SignedStatement,
  domain: LogDomain,
): Promise<boolean> {
  const key = await keyOf({ rpcUrl }, domain.verifyingContract, agent)
  return (await signerOf({ agent, sequence, leaf, signature }, domain)) === key
}

function refused({ name, args }: Refusal): InvalidInputError {
  if (name === 'NotSignedThen')
    return new InvalidInputError(
      `Another key than the one that signed was agent ${args[0]}'s when notice was given.`,
      {
        facts: { agent: String(args[0]), digest: String(args[1]) },
        hint: 'What a retired key signed counts only where it is anchored, or notice was given before it retired.',
      },
    )
  return new InvalidInputError(`No notice of the statement stands (${name}).`, {
    facts: { error: name },
    hint: 'A notice counts for the challenge window; give another while the agent has the key that signed.',
  })
}
