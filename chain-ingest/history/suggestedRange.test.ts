import { expect, test } from 'vitest'
import { isRangeError } from '../sources/rpcError.ts'
import { suggestedBlocks } from './suggestedRange.ts'

const FROM = 0x1180fca

/** What nodes are known to say, and the blocks that they would take. */
const REFUSALS: readonly (readonly [string, number | null])[] = [
  [
    'Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. Based on your parameters, this block range should work: [0x1180fca, 0x1180fd3]. Upgrade to PAYG for expanded block range.',
    10,
  ],
  [
    'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x1180fca, 0x11810c9]',
    256,
  ],
  ['Query returned more than 10000 results. Try with this block range [0x1180fca, 0x118102d].', 100],
  ['query exceeds max results 20000, retry with the range 18354122-18354221', 100],
  // The node names the range that it was asked for.
  ['query exceeds max results 20000, retry with the range 18354122-18404121', null],
  // Of blocks that were not asked for.
  ['Try with this block range [0x1, 0x64].', null],
  ['query exceeds max block range 5000', 5_000],
  ['range 1000000 exceeds limit of 10000', 10_000],
  ['range 9009594 is bigger than range limit 2000', 2_000],
  ['block range is larger than max block range, block range = 5120, max block range = 5000', 5_000],
  ['ranges over 10000 blocks are not supported on free plan', 10_000],
  ['eth_getLogs is limited to a 10,000 range', 10_000],
  ['eth_getLogs is limited to 0 - 10000 blocks range', 10_000],
  ['You can make eth_getLogs requests with up to a 2K block range', 2_000],
  ['requested too many blocks from 0 to 5000000, maximum is set to 1024', 1_024],
  ['query returned more than 10000 results', null],
  ['block range is too wide', null],
  ['query timeout exceeded', null],
]

test.each(REFUSALS)('"%s" suggests %s blocks', (reason, blocks) => {
  expect(isRangeError(new Error(reason))).toBe(true)
  expect(suggestedBlocks(reason, FROM, 50_000)).toBe(blocks)
})

test('a suggestion that is no smaller than what was refused is none', () => {
  expect(suggestedBlocks('query exceeds max block range 5000', FROM, 5_000)).toBeNull()
  expect(suggestedBlocks('Try with this block range [0x1180fca, 0x1180fc9].', FROM, 100)).toBeNull()
})
