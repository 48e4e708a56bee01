import { basename } from 'node:path'
import { type Store, TouchstoneError } from '../core/index.ts'
import { openPglite, openPostgres } from '../feature-store/index.ts'
import { applyConfig } from './config/applyConfig.ts'
import { expandReferences } from './config/environmentReference.ts'
import type { Environment } from './environment.ts'
import { type LocalChain, openLocalChain } from './localChain.ts'
import { EMPTY_PROJECT, readProject, requireProject, writeProject } from './project.ts'
import { withHistory } from './projectHistory.ts'
import type { LogConfig, Project } from './projectSchema.ts'
import type { Terminal } from './terminal.ts'

/** Marks the project's own chain where a project names a url. */
export const LOCAL_URL = 'local'

/** A decision log with the addresses of its nodes, their variables in their places. */
export type ReachableLog = Omit<LogConfig, 'url'> & {
  /** The first of `rpcUrls`. */
  readonly rpcUrl: string
  readonly rpcUrls: readonly string[]
}

/** An open project: its file, its store and, once asked for, its own chain. */
export type Workspace = {
  readonly directory: string
  readonly environment: Environment
  readonly terminal: Terminal
  readonly store: Store
  readonly project: Project
  /** Publishes this process's API to others that find the store owned; no effect on PostgreSQL. */
  setOwnerApi(url: string, token: string): Promise<void>
  /** Changes the project file. */
  update(changes: Partial<Project>): Promise<void>
  /** The project's own chain, started on first use. */
  localChain(options?: { readonly timestampSeconds?: number }): Promise<LocalChain>
  /** The HTTP url behind a configured one, its variables in their places. */
  httpUrl(url: string): Promise<string>
  /** The url to follow a chain by: WebSocket where there is one. */
  followUrl(url: string): Promise<string>
  /** Where decisions are anchored, reachable. */
  log(): Promise<ReachableLog | null>
  close(): Promise<void>
}

export type WorkspaceOptions = {
  readonly directory: string
  readonly environment: Environment
  readonly terminal: Terminal
  /** A configuration to bring the project up to first; none unless given. */
  readonly configFile?: string | null
  /** Starts a project where there is none, instead of refusing. */
  readonly create?: boolean
}

/**
 * Opens a project's store, the PostgreSQL of `DATABASE_URL` or the embedded one.
 *
 * @throws NotFoundError when there is no project; LockedError when another process owns the embedded store.
 */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { directory, environment, terminal, configFile = null } = options
  const variable = (name: string) => environment.variable(name)
  const found =
    options.create || configFile !== null
      ? ((await readProject(directory)) ?? EMPTY_PROJECT)
      : await requireProject(directory)
  // Before the store is opened, so that an error in it leaves nothing behind.
  const configured =
    configFile === null ? null : await applyConfig({ file: configFile, project: found, directory, variable })
  let project = configured?.project ?? found
  const embedded = environment.databaseUrl === null ? await openPglite({ directory }) : null
  const store = withHistory(
    embedded ?? (await openPostgres({ url: environment.databaseUrl ?? '' })),
    directory,
  )
  let chain: LocalChain | null = null
  const localChain = async (chainOptions?: { readonly timestampSeconds?: number }) => {
    chain ??= await openLocalChain(directory, chainOptions)
    return chain
  }
  const httpUrl = async (url: string) =>
    url === LOCAL_URL ? (await localChain()).url : expandReferences(url, variable)
  const resolveLog = async ({ url, ...rest }: LogConfig): Promise<ReachableLog> => {
    const rpcUrls = await Promise.all((typeof url === 'string' ? [url] : url).map(httpUrl))
    return { ...rest, rpcUrls, rpcUrl: rpcUrls[0] ?? '' }
  }

  if (configured !== null && configured.changes.length > 0) {
    await writeProject(directory, project).catch(async (error: unknown) => {
      await store.close()
      throw error
    })
    terminal.note(`${basename(configFile ?? '')}: ${configured.changes.join(', ')}`)
  }

  return {
    directory,
    environment,
    terminal,
    store,
    get project() {
      return project
    },
    setOwnerApi: async (url, token) => embedded?.setOwnerApi(url, token),
    async update(changes) {
      project = { ...project, ...changes }
      await writeProject(directory, project)
    },
    localChain,
    httpUrl,
    followUrl: async url =>
      url === LOCAL_URL ? (await localChain()).wsUrl : expandReferences(url, variable),
    log: async () => (project.log === null ? null : resolveLog(project.log)),
    async close() {
      const failures: unknown[] = []
      for (const close of [() => store.close(), async () => chain?.stop()])
        await close().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw failures.find(error => error instanceof TouchstoneError) ?? failures[0]
    },
  }
}

/** Opens a project for as long as `use` runs. */
export async function withWorkspace<T>(
  options: WorkspaceOptions,
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(options)
  try {
    return await use(workspace)
  } finally {
    await workspace.close()
  }
}
