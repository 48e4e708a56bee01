import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NotFoundError } from '../core/index.ts'
import { parseStrictly } from './parseStrictly.ts'
import { type Project, projectSchema } from './projectSchema.ts'

/** A project with nothing in it yet. */
export const EMPTY_PROJECT: Project = {
  version: 1,
  demo: false,
  config: null,
  log: null,
  sources: [],
  agents: [],
}

const fileOf = (directory: string) => join(directory, 'project.json')

/** Reads a project, or null where the folder holds none. */
export async function readProject(directory: string): Promise<Project | null> {
  let text: string
  try {
    text = await readFile(fileOf(directory), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return parseStrictly(projectSchema, text, fileOf(directory))
}

/** Reads a project that must exist. */
export async function requireProject(directory: string): Promise<Project> {
  const project = await readProject(directory)
  if (project === null)
    throw new NotFoundError(`There is no touchstone project in ${directory}.`, {
      facts: { directory },
      hint: 'Run `touchstone demo` or `touchstone ingest` first, or name the folder with --dir.',
    })
  return project
}

/** Writes a project whole or not at all, for its owner's eyes: a node's URL may hold a key. */
export async function writeProject(directory: string, project: Project): Promise<void> {
  await mkdir(directory, { recursive: true })
  const temporary = `${fileOf(directory)}.${process.pid}`
  await writeFile(temporary, `${JSON.stringify(projectSchema.parse(project), null, 2)}\n`, {
    mode: 0o600,
  })
  await rename(temporary, fileOf(directory))
}
