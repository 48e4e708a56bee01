/** How far an exchange's clock is ahead of this machine's, as far as its messages tell. */
export type ClockSkew = {
  /** Takes in a question for the time: sent and answered by this clock, between them the exchange's time. */
  asked(sentMs: number, exchangeMs: number, receivedMs: number): void
  /** Takes in a pushed message: it cannot have arrived before it was sent. */
  pushed(exchangeMs: number, receivedMs: number): void
  /** Milliseconds to add to this clock to get the exchange's; 0 before anything was taken in. */
  offsetMs(): number
  /** Half the round trip that the offset comes from; null where only pushes have told. */
  uncertaintyMs(): number | null
}

/**
 * Estimates clock skew as NTP does (RFC 5905, section 8): of several round trips the shortest counts, and the
 * exchange answered in its middle. A push then bounds the offset from below.
 */
export function createClockSkew(): ClockSkew {
  let shortest = Number.POSITIVE_INFINITY
  let estimate = 0
  let bound = Number.NEGATIVE_INFINITY
  return {
    asked(sentMs, exchangeMs, receivedMs) {
      const roundTrip = receivedMs - sentMs
      if (roundTrip < 0 || roundTrip >= shortest) return
      shortest = roundTrip
      estimate = exchangeMs - (sentMs + receivedMs) / 2
    },
    pushed(exchangeMs, receivedMs) {
      bound = Math.max(bound, exchangeMs - receivedMs)
    },
    offsetMs() {
      if (!Number.isFinite(shortest)) return Number.isFinite(bound) ? Math.round(bound) : 0
      // The bound may correct the estimate only by what the estimate leaves open.
      return Math.round(Math.min(Math.max(estimate, bound), estimate + shortest / 2))
    },
    uncertaintyMs: () => (Number.isFinite(shortest) ? shortest / 2 : null),
  }
}
