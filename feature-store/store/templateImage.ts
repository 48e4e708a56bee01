import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const DIGEST_BYTES = 32

/**
 * Cached images of a freshly migrated database, so that a new one opens in a fraction of the time that
 * `initdb` takes. The cache may vanish at any time, and nothing depends on it but speed.
 */
export type TemplateCache = {
  /** The image, or null when there is none that can be trusted. */
  read(): Promise<Blob | null>
  /** Keeps an image; a cache that cannot be written is left as it is. */
  write(image: Blob): Promise<void>
  discard(): Promise<void>
}

/**
 * The cache for one kind of image, in a folder of the temporary directory that only this user may write to.
 *
 * @param key Names everything that the image depends on: the engine's version and the migrations.
 */
export function templateCache(key: string, base = tmpdir()): TemplateCache {
  const { uid } = userInfo()
  const folder = join(base, `touchstone-templates-${uid}`)
  const file = join(folder, `${key}.image`)
  return {
    async read() {
      try {
        if (!(await isPrivate(folder, uid))) return null
        const bytes = await readFile(file)
        const image = bytes.subarray(DIGEST_BYTES)
        return digestOf(image).equals(bytes.subarray(0, DIGEST_BYTES)) ? new Blob([image]) : null
      } catch {
        return null
      }
    },

    async write(image) {
      const partial = `${file}.${randomBytes(8).toString('hex')}`
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        if (!(await isPrivate(folder, uid))) return
        const bytes = Buffer.from(await image.arrayBuffer())
        await writeFile(partial, Buffer.concat([digestOf(bytes), bytes]), { mode: 0o600 })
        await rename(partial, file)
      } catch {
        await rm(partial, { force: true }).catch(() => undefined)
      }
    },

    discard: () => rm(file, { force: true }).catch(() => undefined),
  }
}

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

// Anybody may write to the temporary directory: an image of another user could carry anything.
async function isPrivate(folder: string, uid: number): Promise<boolean> {
  const found = await lstat(folder)
  if (!found.isDirectory()) return false
  // Windows has no such ids; its temporary directory is the user's own.
  return uid === -1 || (found.uid === uid && (found.mode & 0o022) === 0)
}
