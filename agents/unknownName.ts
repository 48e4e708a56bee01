import { type Instrument, InvalidInputError } from '../core/index.ts'

/** A strategy asked for a feature that its agent has not. */
export function unknownFeature(agent: string, feature: string, known: readonly string[]): InvalidInputError {
  return new InvalidInputError(`The strategy of agent "${agent}" asked for feature "${feature}".`, {
    facts: { agent, feature, known: known.join(', ') },
    hint: `Add it to the agent’s features, or use one of: ${known.join(', ') || 'none'}.`,
  })
}

/** A strategy concluded on an instrument that its agent does not trade. */
export function unknownInstrument(
  agent: string,
  instrument: string,
  traded: readonly Instrument[],
): InvalidInputError {
  const known = traded.map(({ id }) => id).join(', ')
  return new InvalidInputError(`The strategy of agent "${agent}" concluded on ${instrument}.`, {
    facts: { agent, instrument, known },
    hint: `Name it in the agent’s \`alsoTrades\`, or conclude on one of: ${known}.`,
  })
}
