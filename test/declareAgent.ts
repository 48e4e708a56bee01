import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Adds the agent `mine`, which trades the instrument of a project's first source, to its project.json. */
export async function declareAgent(directory: string): Promise<void> {
  const file = join(directory, 'project.json')
  const project = JSON.parse(await readFile(file, 'utf8'))
  const [{ instrument }] = project.sources
  project.agents = [
    { name: 'mine', definition: 'gold-trend', instrument, observes: [], settings: { capital: 50_000 } },
  ]
  await writeFile(file, JSON.stringify(project))
}
