import type {
  AcceptedRequest,
  DeferredRequest,
  PositionChange,
  PricedRequest,
  RejectedRequest,
  RwaSink,
  SettledRequest,
  YieldPayment,
} from '../requests/rwaSink.ts'

/** Everything that a venue said, by kind. */
export type RecordingSink = RwaSink & {
  readonly all: {
    accepted: AcceptedRequest[]
    priced: PricedRequest[]
    settled: SettledRequest[]
    deferred: DeferredRequest[]
    rejected: RejectedRequest[]
    paid: YieldPayment[]
    positionChanged: PositionChange[]
  }
  /** The kinds in the order they came, with the ids of requests. */
  readonly order: string[]
}

/** A sink that keeps what it is told. */
export function recordingSink(): RecordingSink {
  const all: RecordingSink['all'] = {
    accepted: [],
    priced: [],
    settled: [],
    deferred: [],
    rejected: [],
    paid: [],
    positionChanged: [],
  }
  const order: string[] = []
  const keep =
    <K extends keyof typeof all>(kind: K) =>
    (event: (typeof all)[K][number]): void => {
      ;(all[kind] as unknown[]).push(event)
      order.push('id' in event ? `${kind} ${event.id}` : kind)
    }
  return {
    all,
    order,
    accepted: keep('accepted'),
    priced: keep('priced'),
    settled: keep('settled'),
    deferred: keep('deferred'),
    rejected: keep('rejected'),
    paid: keep('paid'),
    positionChanged: keep('positionChanged'),
  }
}
