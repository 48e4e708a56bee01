import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DECISION_KINDS } from '../core/index.ts'
import { subscribeSchema } from './feedProtocol.ts'

test('a subscription may ask for each kind of decision, and FEED.md names them all', () => {
  expect(subscribeSchema.parse({ type: 'subscribe', kinds: [...DECISION_KINDS] }).kinds).toEqual(
    DECISION_KINDS,
  )
  const text = readFileSync(new URL('FEED.md', import.meta.url), 'utf8')
  expect(text).toContain(`Kinds: ${DECISION_KINDS.map(kind => `\`${kind}\``).join(', ')}.`)
})
