import { InvalidInputError } from '../../core/index.ts'

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/**
 * Stands for an environment variable in a node's URL. The variable is read when the node is asked, so that a key
 * is written neither in the configuration nor in the project.
 *
 * @throws InvalidInputError when that is no name of a variable.
 */
export function env(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `\${${name}}`
  throw new InvalidInputError(`"${name}" is no name of an environment variable.`, {
    facts: { name },
    hint: 'Write letters, digits and _, such as RPC_KEY.',
  })
}

/**
 * Puts the variables that a text refers to in their places.
 *
 * @throws InvalidInputError naming the first variable that is not set.
 */
export function expandReferences(text: string, variables: (name: string) => string | null): string {
  return text.replace(REFERENCE, (_, name: string) => {
    const value = variables(name)
    if (value !== null) return value
    throw new InvalidInputError(`The environment variable ${name} is not set, which a node's URL needs.`, {
      facts: { variable: name },
      hint: `Set it: export ${name}=…`,
    })
  })
}
