/** Writes the protocol's test vectors to `decision-log/vectors/`: `npm run build:vectors`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeVectors, vectorText } from '../test/makeVectors.ts'

const folder = join(import.meta.dirname, '..', 'vectors')
mkdirSync(folder, { recursive: true })
for (const [name, vector] of await makeVectors())
  writeFileSync(join(folder, `${name}.json`), vectorText(vector))
