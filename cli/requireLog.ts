import { InvalidInputError } from '../core/index.ts'
import type { ReachableLog, Workspace } from './workspace.ts'

/**
 * The decision log that a project anchors in.
 *
 * @param lacking What there is not without one, to end the message with.
 * @throws InvalidInputError when it anchors nowhere.
 */
export async function requireLog(
  workspace: Workspace,
  { lacking, hint = 'Run its agents first.' }: { readonly lacking?: string; readonly hint?: string } = {},
): Promise<ReachableLog> {
  const log = await workspace.log()
  if (log !== null) return log
  throw new InvalidInputError(
    `This project anchors nowhere yet${lacking === undefined ? '' : `: there is ${lacking}`}.`,
    { hint },
  )
}
