import { expect, test } from 'vitest'
import { createGroupCommit } from './groupCommit.ts'

/** A database that answers when it is told to, and remembers what each transaction held. */
function bed(options: { maxSize?: number; gathers?: boolean; isOfOne?: boolean } = {}) {
  const transactions: string[][] = []
  const answers: { commit: () => void; fail: (error: Error) => void }[] = []
  const append = createGroupCommit<string, string>({
    write(groups) {
      transactions.push([...groups])
      return new Promise((resolve, reject) => {
        answers.push({ commit: () => resolve(groups.map(group => `${group} stored`)), fail: reject })
      })
    },
    sizeOf: group => group.length,
    maxSize: options.maxSize ?? 100,
    isOfOne: () => options.isOfOne ?? false,
    gathers: options.gathers ?? false,
  })
  return { append, transactions, answers }
}

const settle = () => new Promise(resolve => setTimeout(resolve, 5))

test('the first is written at once; what comes meanwhile goes together, in order, when it is done', async () => {
  const { append, transactions, answers } = bed()
  const answered: string[] = []
  const asked = ['a', 'b', 'c'].map(group => append(group).then(result => answered.push(result)))
  await settle()
  expect(transactions).toEqual([['a']])
  expect(answered).toEqual([])
  answers[0]?.commit()
  await settle()
  expect(transactions).toEqual([['a'], ['b', 'c']])
  expect(answered).toEqual(['a stored'])
  answers[1]?.commit()
  await Promise.all(asked)
  expect(answered).toEqual(['a stored', 'b stored', 'c stored'])
  const later = append('d')
  answers[2]?.commit()
  expect(await later).toBe('d stored')
})

test('where writing stops the process, who was just answered joins the next transaction', async () => {
  const { append, transactions, answers } = bed({ gathers: true })
  const asked = [append('a').then(() => append('again')), append('b')]
  await settle()
  expect(transactions).toEqual([['a', 'b']])
  asked.push(append('c'))
  answers[0]?.commit()
  await settle()
  expect(transactions[1]).toEqual(['c', 'again'])
  answers[1]?.commit()
  await Promise.all(asked)
})

test('a transaction takes no more than it may, but one group whatever its size', async () => {
  const { append, transactions, answers } = bed({ maxSize: 4 })
  const asked = ['x', 'aaaaaa', 'bb', 'cc', 'd'].map(append)
  for (let done = 0; done < 4; done++) {
    await settle()
    answers[done]?.commit()
  }
  await Promise.all(asked)
  expect(transactions).toEqual([['x'], ['aaaaaa'], ['bb', 'cc'], ['d']])
})

test('what fails the transaction fails all of it, and the next goes on', async () => {
  const { append, transactions, answers } = bed()
  const asked = Promise.allSettled(['a', 'b', 'c'].map(append))
  answers[0]?.commit()
  await settle()
  const later = append('d')
  answers[1]?.fail(new Error('connection lost'))
  const results = await asked
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  await settle()
  answers[2]?.commit()
  expect(await later).toBe('d stored')
  expect(transactions).toEqual([['a'], ['b', 'c'], ['d']])
})

test('what one group may have caused fails that one alone', async () => {
  const { append, transactions, answers } = bed({ isOfOne: true })
  const asked = Promise.allSettled(['a', 'b', 'c'].map(append))
  answers[0]?.commit()
  await settle()
  answers[1]?.fail(new Error('a value that no column holds'))
  await settle()
  answers[2]?.fail(new Error('a value that no column holds'))
  await settle()
  answers[3]?.commit()
  const results = await asked
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(transactions).toEqual([['a'], ['b', 'c'], ['b'], ['c']])
})
