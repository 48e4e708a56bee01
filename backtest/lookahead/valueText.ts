import type { MarketEvent } from '../../core/index.ts'

/** What an event says as text: two events say the same where their texts are equal. */
export function valueText({ value }: MarketEvent): string {
  return JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? `${field}n` : field))
}
