type Modules = {
  readonly 'node:crypto': typeof import('node:crypto')
  readonly 'node:module': typeof import('node:module')
  readonly 'node:process': typeof import('node:process')
  readonly 'node:url': typeof import('node:url')
}

/**
 * A module of Node's, asked for when it is needed: browsers load this folder too, to verify decisions, and do nothing
 * that needs one.
 */
export function builtinModule<Name extends keyof Modules>(name: Name): Modules[Name]
export function builtinModule(name: string): unknown {
  // biome-ignore lint/style/noRestrictedGlobals: a module of the runtime is nothing of the environment.
  return process.getBuiltinModule(name)
}
