import { InvalidInputError } from '../core/index.ts'

/** What the command line takes from the environment; nothing else in the project reads it. */
export type Environment = {
  /** `TOUCHSTONE_DIR`: the project folder; null when it is not set. */
  readonly directory: string | null
  /** `DATABASE_URL`: a PostgreSQL to use instead of the embedded store. */
  readonly databaseUrl: string | null
  /** What a node's URL refers to as `${NAME}`. */
  variable(name: string): string | null
  /** Private key of an agent: `TOUCHSTONE_KEY_<NAME>`, the name in upper case with `_` for `-`. */
  keyOf(agent: string): string | null
  /** Key that an agent is to be given: `TOUCHSTONE_NEXT_KEY_<NAME>`. */
  nextKeyOf(agent: string): string | null
  /** Key of the owner of an agent's identity: `TOUCHSTONE_IDENTITY_KEY_<NAME>`. */
  identityKeyOf(agent: string): string | null
}

/** Reads the environment once, at the edge. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const databaseUrl = variables['DATABASE_URL'] || null
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new InvalidInputError('DATABASE_URL is not a PostgreSQL address.', {
      hint: 'Write it as postgresql://user@host:5432/database, or unset it to use the embedded store.',
    })
  return {
    directory: variables['TOUCHSTONE_DIR'] || null,
    databaseUrl,
    variable: name => variables[name] || null,
    keyOf: agent => variables[`TOUCHSTONE_KEY_${inCapitals(agent)}`] || null,
    nextKeyOf: agent => variables[`TOUCHSTONE_NEXT_KEY_${inCapitals(agent)}`] || null,
    identityKeyOf: agent => variables[`TOUCHSTONE_IDENTITY_KEY_${inCapitals(agent)}`] || null,
  }
}

const inCapitals = (agent: string): string => agent.toUpperCase().replaceAll('-', '_')
