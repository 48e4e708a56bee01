import type { ZodMiniType } from 'zod/mini'
import { canonicalJson, instrumentId } from '../../core/index.ts'
import { ADJUSTMENT_REASONS, END_REASONS, FILL_CAUSES, HALT_REASONS } from '../outputNumbers.ts'

/** A value that differs from another in one place, which the path names (`output.terms.size`). */
export type SingleChange<T> = readonly [path: string, changed: T]

/**
 * Every value of a schema that differs from the first in one place: a field that is altered or taken from the
 * second, one that is left out, or one of the second's that is put in.
 */
export function singleChanges<T>(schema: ZodMiniType<T>, value: T, other: T): SingleChange<T>[] {
  const own = canonicalJson(value)
  const changes: SingleChange<T>[] = []
  const consider = (path: string[], replacement: unknown): void => {
    const changed = schema.safeParse(withValue(value, path, replacement))
    if (changed.success && canonicalJson(changed.data) !== own) changes.push([path.join('.'), changed.data])
  }
  const visit = (part: unknown, theirs: unknown, path: string[]): void => {
    if (path.length > 0) for (const replacement of [theirs, LEFT_OUT]) consider(path, replacement)
    if (part === null || typeof part !== 'object') {
      for (const replacement of altered(part)) consider(path, replacement)
      return
    }
    const others = theirs === null || typeof theirs !== 'object' ? {} : theirs
    for (const key of Object.keys({ ...others, ...part }))
      if (key in part) visit(Reflect.get(part, key), Reflect.get(others, key), [...path, key])
      else consider([...path, key], Reflect.get(others, key))
  }
  visit(value, other, [])
  return changes
}

const LEFT_OUT = Symbol('left out')
const WORDS = [...HALT_REASONS, ...END_REASONS, ...FILL_CAUSES, ...ADJUSTMENT_REASONS, 'buy', 'sell']

function altered(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1, -value]
  if (typeof value === 'bigint') return [value + 1n, value - 1n, -value]
  if (typeof value === 'boolean') return [!value]
  if (value === null) return [0, 1]
  if (typeof value === 'string' && value.startsWith('0x')) {
    const flipped = (at: number) =>
      `${value.slice(0, at)}${value[at] === '0' ? '1' : '0'}${value.slice(at + 1)}`
    return [flipped(2), flipped(value.length - 1), null, `${value}00000000`]
  }
  return [`${value}x`, null, ...WORDS, instrumentId('oanda:EURUSD')]
}

function withValue(target: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value
  const copy: Record<string, unknown> | unknown[] = Array.isArray(target)
    ? [...target]
    : { ...(target as object) }
  if (rest.length === 0 && value === LEFT_OUT) Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, key, withValue(Reflect.get(copy, key), rest, value))
  return copy
}
