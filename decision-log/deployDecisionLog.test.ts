import { expect, test } from 'vitest'
import { InvalidInputError, UnavailableError } from '../core/index.ts'
import { deployDecisionLog } from './index.ts'
import { KEYS } from './test/sampleDecisions.ts'

test('a node that is down, without its address in the error', async () => {
  const deployed = deployDecisionLog({ rpcUrl: 'http://127.0.0.1:9/secret', privateKey: KEYS[0] })
  await expect(deployed).rejects.toThrow(UnavailableError)
  await expect(deployed).rejects.not.toThrow(/secret/)
})

test('a key of the wrong form', async () => {
  await expect(deployDecisionLog({ rpcUrl: 'http://127.0.0.1:9', privateKey: '0x12' })).rejects.toThrow(
    InvalidInputError,
  )
})
