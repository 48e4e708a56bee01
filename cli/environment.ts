import { InvalidInputError } from '../core/index.ts'

/** What the command line takes from the environment; nothing else in the project reads it. */
export type Environment = {
  /** `TOUCHSTONE_DIR`: the project folder; `.touchstone` by default. */
  readonly directory: string
  /** `DATABASE_URL`: a PostgreSQL to use instead of the embedded store. */
  readonly databaseUrl: string | null
  /** Private key of an agent: `TOUCHSTONE_KEY_<NAME>`, the name in upper case with `_` for `-`. */
  keyOf(agent: string): string | null
}

/** Reads the environment once, at the edge. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const databaseUrl = variables['DATABASE_URL'] || null
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new InvalidInputError('DATABASE_URL is not a PostgreSQL address.', {
      hint: 'Write it as postgresql://user@host:5432/database, or unset it to use the embedded store.',
    })
  return {
    directory: variables['TOUCHSTONE_DIR'] || '.touchstone',
    databaseUrl,
    keyOf: agent => variables[`TOUCHSTONE_KEY_${agent.toUpperCase().replaceAll('-', '_')}`] || null,
  }
}
