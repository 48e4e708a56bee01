import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidInputError } from '../../core/index.ts'

/**
 * The path of a file that a configuration names.
 *
 * @param folder Folder of the configuration, which paths are relative to.
 * @throws InvalidInputError when there is none.
 */
export function existingFile(path: string, folder: string, field: string): string {
  const file = resolve(folder, path)
  if (existsSync(file)) return file
  throw new InvalidInputError(`${field}: there is no file ${file}.`, {
    facts: { file },
    hint: 'Paths are relative to the folder of the configuration.',
  })
}
