/** Serialised messages by key, the least recently used dropped first, at most so many bytes. */
export type FrameCache = {
  get(key: string): Buffer | undefined
  set(key: string, frame: Buffer): void
  /** Forgets every key that starts with the text. */
  forget(prefix: string): void
  readonly bytes: number
}

/** Creates an empty cache. */
export function createFrameCache(maxBytes: number): FrameCache {
  // A Map iterates in order of insertion, so a hit is inserted anew to keep the oldest first.
  const frames = new Map<string, Buffer>()
  let bytes = 0
  const remove = (key: string) => {
    bytes -= frames.get(key)?.length ?? 0
    frames.delete(key)
  }
  return {
    get(key) {
      const frame = frames.get(key)
      if (frame === undefined) return undefined
      frames.delete(key)
      frames.set(key, frame)
      return frame
    },
    set(key, frame) {
      remove(key)
      frames.set(key, frame)
      bytes += frame.length
      for (const oldest of frames.keys()) {
        if (bytes <= maxBytes) break
        remove(oldest)
      }
    },
    forget(prefix) {
      for (const key of [...frames.keys()]) if (key.startsWith(prefix)) remove(key)
    },
    get bytes() {
      return bytes
    },
  }
}
