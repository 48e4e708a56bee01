import { digestOf, InvalidInputError } from '../../core/index.ts'
import type { Project } from '../projectSchema.ts'
import { loadConfig } from './loadConfig.ts'
import { resolveConfig } from './resolveConfig.ts'

export type ApplyConfigOptions = {
  readonly file: string
  /** The project as it is. */
  readonly project: Project
  readonly directory: string
  /** What a node's URL refers to. */
  readonly variable: (name: string) => string | null
}

/** A project that is what its configuration says. */
export type ConfiguredProject = {
  readonly project: Project
  /** What is different now, as a person reads it; empty when nothing is. */
  readonly changes: readonly string[]
}

/**
 * Brings a project up to its configuration. One that has not changed since costs nothing: only what is new is
 * asked of chains and exchanges, and the answers are kept in the project.
 *
 * @throws InvalidInputError, NotFoundError or UnavailableError naming the field.
 */
export async function applyConfig(options: ApplyConfigOptions): Promise<ConfiguredProject> {
  const { file, project, directory, variable } = options
  if (project.demo)
    throw new InvalidInputError(`${directory} holds the project of the demo.`, {
      facts: { directory, file },
      hint: 'Name another folder with --dir, or remove this one.',
    })
  const config = await loadConfig(file)
  const digest = digestOf(JSON.parse(JSON.stringify(config)))
  if (project.config?.file === file && project.config.digest === digest) return { project, changes: [] }
  const resolved = await resolveConfig(config, { file, previous: project, variable })
  const next: Project = { ...project, ...resolved, config: { file, digest } }
  return { project: next, changes: changesBetween(project, next) }
}

function changesBetween(before: Project, after: Project): string[] {
  const changes = [
    ...entryChanges('source', before.sources, after.sources),
    ...entryChanges('agent', before.agents, after.agents),
  ]
  return changes.length > 0 ? changes : ['read']
}

type Named = { readonly name: string }

function entryChanges(what: string, before: readonly Named[], after: readonly Named[]): string[] {
  const changes: string[] = []
  for (const entry of after) {
    const earlier = before.find(({ name }) => name === entry.name)
    if (earlier === undefined) changes.push(`${what} ${entry.name} added`)
    else if (JSON.stringify(earlier) !== JSON.stringify(entry)) changes.push(`${what} ${entry.name} changed`)
  }
  for (const { name } of before)
    if (!after.some(entry => entry.name === name)) changes.push(`${what} ${name} removed`)
  return changes
}
