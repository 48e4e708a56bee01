import { InvalidInputError } from '../../core/index.ts'

/**
 * Copies a feature's state, so that the two change apart: plain objects, arrays, typed arrays, maps, sets, and
 * instances of classes whose fields are public or marked `private` (what begins with `#` no copy can reach). An
 * object that is referred to twice is one object in the copy too.
 *
 * @throws InvalidInputError on a function, a promise, or a class of the platform that is none of these.
 */
export function cloneState<T>(state: T): T {
  return clone(state, new Map()) as T
}

function clone(value: unknown, seen: Map<object, object>): unknown {
  if (typeof value === 'function') throw uncloneable('a function')
  if (value === null || typeof value !== 'object') return value
  const known = seen.get(value)
  if (known !== undefined) return known
  if (ArrayBuffer.isView(value) || value instanceof Date) {
    const copy = structuredClone(value)
    seen.set(value, copy)
    return copy
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    seen.set(value, copy)
    for (const item of value) copy.push(clone(item, seen))
    return copy
  }
  if (value instanceof Map) {
    const copy = new Map()
    seen.set(value, copy)
    for (const [key, item] of value) copy.set(clone(key, seen), clone(item, seen))
    return copy
  }
  if (value instanceof Set) {
    const copy = new Set()
    seen.set(value, copy)
    for (const item of value) copy.add(clone(item, seen))
    return copy
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet)
    throw uncloneable(`a ${value.constructor.name}`)
  const copy: object = Object.create(Object.getPrototypeOf(value))
  seen.set(value, copy)
  for (const key of Reflect.ownKeys(value)) Reflect.set(copy, key, clone(Reflect.get(value, key), seen))
  return copy
}

function uncloneable(what: string): InvalidInputError {
  return new InvalidInputError(`A feature keeps ${what} in its state, which cannot be copied.`, {
    facts: { what },
    hint: 'Keep data in the state, and functions in the definition: a reorg takes features back to an earlier state.',
  })
}
