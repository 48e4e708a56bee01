import type { AgentMarket, OpenOrder } from '../agents/index.ts'
import {
  type CashE8,
  type InstrumentId,
  type Ppm,
  type PriceE8,
  priceE8,
  type Quantity,
} from '../core/index.ts'
import { catchUp } from './catchUp.ts'
import type { DecisionSink } from './decisionBuffer.ts'
import type { Kernel } from './kernel.ts'
import { exposureOf, type Market, marketValueE8 } from './market.ts'
import type { Holdings } from './venue.ts'

/** What the agent sees of a market: computed as it is asked for. A class, so that every market has one shape. */
export class MarketSight implements AgentMarket {
  readonly instrument: InstrumentId
  private readonly market: Market
  private readonly holdings: Holdings
  private readonly kernelOf: () => Kernel<DecisionSink>
  private readonly equity: () => CashE8

  constructor(
    market: Market,
    holdings: Holdings,
    kernelOf: () => Kernel<DecisionSink>,
    equity: () => CashE8,
  ) {
    this.instrument = market.instrument.id
    this.market = market
    this.holdings = holdings
    this.kernelOf = kernelOf
    this.equity = equity
  }

  get priceE8(): PriceE8 {
    return priceE8(BigInt(this.priced().middleE8))
  }

  get bidE8(): PriceE8 {
    return priceE8(BigInt(this.priced().bidE8))
  }

  get askE8(): PriceE8 {
    return priceE8(BigInt(this.priced().askE8))
  }

  get navE8(): PriceE8 | null {
    const { navE8 } = this.market
    return Number.isNaN(navE8) ? null : priceE8(BigInt(navE8))
  }

  get exposure(): Ppm {
    return exposureOf(marketValueE8(this.priced(), this.holdings), this.equity())
  }

  get quantity(): Quantity {
    return this.market.quantity
  }

  get openOrders(): readonly OpenOrder[] {
    return this.market.openOrders
  }

  /** The market at its newest price. */
  private priced(): Market {
    catchUp(this.kernelOf())
    return this.market
  }
}
