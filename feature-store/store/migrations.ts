import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of migrations. It lies in the package beside the sources and is not compiled, so it is found
 * from the package's root, whether this module runs from the sources or from `dist`.
 */
export function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`No package.json above ${import.meta.url}.`)
    folder = parent
  }
  return join(folder, 'feature-store', 'migrations')
}

/** SHA-256 over all migrations, in hexadecimal: names the schema that they build. */
export function migrationsHash(): string {
  const folder = migrationsFolder()
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort())
    if (file.endsWith('.sql')) hash.update(`${file}\n${readFileSync(join(folder, file), 'utf8')}\n`)
  return hash.digest('hex')
}
