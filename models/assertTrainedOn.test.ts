import { describe, expect, test } from 'vitest'
import { InvalidInputError, sha256 } from '../core/index.ts'
import { assertTrainedOn } from './assertTrainedOn.ts'

const model = { name: 'gold-trend', features: ['return_1h', 'nav_age', 'slope'], featureSet: sha256('model') }
const given = (...names: string[]) => ({ names, featureSet: sha256('given') })

describe('assertTrainedOn', () => {
  test('accepts the features that the model was trained on', () =>
    expect(() =>
      assertTrainedOn(model, { names: model.features, featureSet: model.featureSet }),
    ).not.toThrow())

  test.each([
    ['missing nav_age', given('return_1h', 'slope')],
    ['additional volume, hour', given('return_1h', 'nav_age', 'slope', 'volume', 'hour')],
    ['missing slope; additional volume', given('return_1h', 'nav_age', 'volume')],
    ['another order of nav_age, slope', given('return_1h', 'slope', 'nav_age')],
    ['the names agree, but a version or parameter does not', given('return_1h', 'nav_age', 'slope')],
  ])('says: %s', (difference, features) => {
    const refuse = () => assertTrainedOn(model, features)
    expect(refuse).toThrow(InvalidInputError)
    expect(refuse).toThrow(`Model "gold-trend" was trained on other features: ${difference}.`)
  })

  test('names the remedy', () => {
    try {
      assertTrainedOn(model, given())
    } catch (error) {
      expect(error).toMatchObject({
        hint: "Train a model on these features, or give the agent the model's: return_1h, nav_age, slope.",
        facts: { model: 'gold-trend', trainedOn: sha256('model'), given: sha256('given') },
      })
    }
    expect.assertions(1)
  })
})
