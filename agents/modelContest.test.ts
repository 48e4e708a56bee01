import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ModelContest, type PromotionRule } from './modelContest.ts'

const RULE: PromotionRule = { minOutcomes: 3, minAdvantage: 0.01, minTStatistic: 1.64 }

/** Plays one pair of predictions from 100 to a price. */
function play(contest: ModelContest, round: number, serving: number, challenger: number, price: number) {
  contest.predict(round * 10, 10, 100, serving, challenger)
  contest.settle(price)
}

describe('a contest', () => {
  test('scores log losses: ln(0.8) − ln(0.5) for a rise that was given 80 % and 50 %', () => {
    const contest = new ModelContest(RULE)
    expect(contest.standing()).toEqual({ outcomes: 0, meanAdvantage: 0, tStatistic: null })
    play(contest, 0, 500_000, 800_000, 101)
    expect(contest.standing().meanAdvantage).toBeCloseTo(Math.log(0.8) - Math.log(0.5), 12)
    // What does not rise is no rise: 1 − 0.8 was given to it.
    play(contest, 1, 500_000, 800_000, 100)
    const [win, loss] = [Math.log(0.8 / 0.5), Math.log(0.2 / 0.5)]
    const mean = (win + loss) / 2
    const error = Math.sqrt(((win - mean) ** 2 + (loss - mean) ** 2) / 1 / 2)
    expect(contest.standing()).toEqual({
      outcomes: 2,
      meanAdvantage: expect.closeTo(mean, 12),
      tStatistic: expect.closeTo(mean / error, 12),
    })
  })

  test('leaves out predictions whose horizon overlaps the one at hand', () => {
    const contest = new ModelContest(RULE)
    contest.predict(0, 10, 100, 500_000, 800_000)
    contest.predict(5, 10, 90, 500_000, 100_000)
    expect(contest.dueMs).toBe(10)
    contest.settle(101)
    expect(contest.standing()).toMatchObject({
      outcomes: 1,
      meanAdvantage: expect.closeTo(Math.log(1.6), 12),
    })
    expect(contest.dueMs).toBe(Number.POSITIVE_INFINITY)
  })

  test('is won only with enough outcomes, enough advantage and enough certainty', () => {
    const won = (rule: PromotionRule, rounds: number) => {
      const contest = new ModelContest(rule)
      // Mostly right and sure of it, against an even chance.
      for (let round = 0; round < rounds; round++)
        play(contest, round, 500_000, 700_000, round % 5 === 0 ? 99 : 101)
      return contest.isWon()
    }
    expect(won(RULE, 2)).toBe(false)
    expect(won(RULE, 100)).toBe(true)
    expect(won({ ...RULE, minOutcomes: 101 }, 100)).toBe(false)
    expect(won({ ...RULE, minAdvantage: 0.2 }, 100)).toBe(false)
    expect(won({ ...RULE, minTStatistic: 100 }, 100)).toBe(false)
  })

  test('is never won by the same predictions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1_000_000), fc.integer({ min: 90, max: 110 })), {
          minLength: 3,
          maxLength: 50,
        }),
        rounds => {
          const contest = new ModelContest({ minOutcomes: 2, minAdvantage: 0, minTStatistic: 0 })
          rounds.forEach(([p, price], round) => {
            play(contest, round, p, p, price)
          })
          expect(contest.isWon()).toBe(false)
        },
      ),
    )
  })

  test('is not decided by one certain mistake alone', () => {
    const contest = new ModelContest(RULE)
    play(contest, 0, 0, 1_000_000, 101)
    expect(contest.standing().meanAdvantage).toBeCloseTo(Math.log(0.999) - Math.log(0.001), 9)
  })
})
