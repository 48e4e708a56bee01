import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { type Address, type Hex, InvalidInputError, toError } from '../../core/index.ts'
import { challengeDecision } from '../../decision-log/index.ts'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { readAddress } from '../readAddress.ts'

/** What holds the private key of the account that challenges, pays and earns. */
const KEY_VARIABLE = 'TOUCHSTONE_CHALLENGER_KEY'

type Options = { readonly contract: string; readonly rpc: string; readonly fromBlock: number }

/** Adds `touchstone challenge`. */
export function addChallengeCommand(program: Command): void {
  program
    .command('challenge')
    .description('prove a lie of an agent to the contract that holds its stake; needs no project')
    .argument('<file>', 'a decision as a server or feed publishes it: JSON with body and signature')
    .requiredOption('--contract <address>', 'the Challenge contract')
    .requiredOption('--rpc <url>', "a node of the contract's chain")
    .option(
      '--from-block <number>',
      "a block before the agent's first commit",
      wholeNumber('--from-block', 0),
      0,
    )
    .addHelpText(
      'after',
      `
Takes what GET /v1/decisions/{agent}/{sequence} of a server answers, compares it with the decision that is anchored at
its sequence, and runs its model on chain. If either shows a lie, the agent's stake is taken and part of it is the
challenger's; if neither does, nothing is sent. Where that rests on a signature, notice is given first, by a transaction
that names nobody: the agent cannot get away by changing its key. The challenger's private key is taken from ${KEY_VARIABLE}.

Example:
  $ touchstone challenge decision.json --contract 0x5fbd…0aa3 --rpc https://rpc.example`,
    )
    .action(async (file: string, options: Options, command: Command) => {
      const { environment, terminal } = commandContext(command)
      const privateKey = environment.variable(KEY_VARIABLE)
      if (privateKey === null)
        throw new InvalidInputError(`There is no key to challenge with: ${KEY_VARIABLE} is not set.`, {
          hint: `Set ${KEY_VARIABLE} to the private key of an account that has funds for the transaction.`,
        })
      const { body, signature, leaf, anchor } = await readDecision(file)
      const proven = await challengeDecision(
        { rpcUrl: options.rpc, privateKey },
        {
          challenge: addressIn(options.contract),
          decision: { body, signature },
          fromBlock: options.fromBlock,
          ...(leaf === undefined || anchor == null ? {} : { proof: { leaf, proof: anchor.proof } }),
        },
      )
      const { agent, sequence, amount, reward, transactionHash } = proven
      terminal.result(
        { ...proven, amount: String(amount), reward: String(reward), gasUsed: String(proven.gasUsed) },
        [
          terminal.good(`Decision ${sequence} of agent ${agent} is proved a lie.`),
          `The agent lost ${amount} units of the token that it staked; ${reward} are the challenger's to claim.`,
          `Transaction ${transactionHash}`,
        ].join('\n'),
      )
    })
}

const hex = z.custom<Hex>(value => typeof value === 'string' && /^0x([0-9a-f]{2})*$/i.test(value), {
  error: 'expected bytes as 0x and hexadecimal digits',
})

/** What is read of a published decision; the rest of it is left alone. */
const publishedDecision = z.object({
  body: z.string(),
  signature: hex,
  leaf: hex.optional(),
  anchor: z.object({ proof: z.array(hex) }).nullish(),
})

async function readDecision(file: string): Promise<z.infer<typeof publishedDecision>> {
  const unreadable = (fault: string) =>
    new InvalidInputError(`${file} holds no decision: ${fault}.`, {
      facts: { file, fault },
      hint: 'Save what `GET /v1/decisions/{agent}/{sequence}` of a server answers.',
    })
  let json: unknown
  try {
    json = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw unreadable(toError(error).message)
  }
  const parsed = publishedDecision.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unreadable(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is wrong'}`)
}

const addressIn = (text: string): Address =>
  readAddress(
    text,
    '--contract',
    'Give the address of the Challenge contract as 0x and 40 hexadecimal digits.',
  )
