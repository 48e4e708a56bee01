export {
  type BusinessCalendar,
  businessCalendar,
} from './calendar/businessCalendar.ts'
export { type CivilDay, formatCivilDay, parseCivilDay } from './calendar/civilDay.ts'
export { type MarketHours, marketHours } from './calendar/marketHours.ts'
export { type ZoneClock, zoneClock } from './calendar/zone.ts'
export { createFundFeeMeter, type FeesCharged, type FundFeeMeter } from './fees/fundFeeMeter.ts'
export type { FundFeeTerms } from './fees/fundFeeTerms.ts'
export { type GrossNav, type NetNav, netNavs } from './fees/netNavs.ts'
export { type YieldFrom, yieldNavs } from './fees/yieldNavs.ts'
export { type Balance, cashBalance, shareBalance } from './holding/balance.ts'
export type { HolderOptions } from './holding/holderAccount.ts'
export { ISSUER } from './holding/holderAccount.ts'
export {
  createHolderRegister,
  type HolderRegister,
  type TransferCheck,
  type TransferRefusal,
} from './holding/holderRegister.ts'
export { createRebasingBalance, type RebasingBalance } from './holding/rebasing.ts'
export type { RwaBook, RwaTotals } from './holding/rwaBook.ts'
export {
  accruedReturn,
  distributedReturn,
  type Fraction,
  fractionToNumber,
  type PaymentPerShare,
  rebasedReturn,
} from './holding/totalReturn.ts'
export { type PremiumQuote, type PremiumTerms, premiumPrices } from './premiumPrices.ts'
export { type DealingWindow, type DealingWindows, dealingWindows } from './primary/dealingWindows.ts'
export { createNavVenue, type NavVenueOptions } from './primary/navVenue.ts'
export { createQueueVenue, type QueueVenueOptions } from './queue/queueVenue.ts'
export { requestFeeE8 } from './requests/requestFee.ts'
export type {
  PendingRequest,
  Pricing,
  RejectionReason,
  RequestCancellation,
  RequestSubmission,
  RwaRequest,
} from './requests/rwaRequest.ts'
export type {
  AcceptedRequest,
  DeferredRequest,
  KnownNav,
  PositionChange,
  PricedRequest,
  RejectedRequest,
  RwaSink,
  SettledRequest,
  YieldPayment,
} from './requests/rwaSink.ts'
export type { RwaVenue } from './rwaVenue.ts'
