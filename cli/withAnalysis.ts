import type { AnalysisOptions } from '../feature-store/index.ts'
import type { CommandContext } from './commandContext.ts'
import { openProjectHistory } from './projectHistory.ts'
import { withWorkspace } from './workspace.ts'

/** Opens what a query reads: the history alone, or with the project's database. */
export async function withAnalysis<T>(
  context: CommandContext,
  filesOnly: boolean,
  use: (sources: AnalysisOptions) => Promise<T>,
): Promise<T> {
  const history = openProjectHistory(context.directory)
  try {
    if (filesOnly) return await use({ history, observations: null })
    return await withWorkspace(context, ({ store: { observations, decisions } }) =>
      use({ history, observations, decisions }),
    )
  } finally {
    await history.close()
  }
}
