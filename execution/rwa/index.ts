export {
  type BusinessCalendar,
  type BusinessCalendarTerms,
  businessCalendar,
  EVERY_DAY,
  US_BUSINESS_DAYS,
} from './calendar/businessCalendar.ts'
export { type CivilDay, formatCivilDay, parseCivilDay, type Weekday } from './calendar/civilDay.ts'
export type { HolidayRule } from './calendar/holidays.ts'
export {
  ALWAYS_OPEN,
  dailySessions,
  GOLD_MARKET_HOURS,
  type MarketHours,
  type MarketHoursTerms,
  marketHours,
  type WeeklySession,
} from './calendar/marketHours.ts'
export { NAMED_ZONES, type Zone, type ZoneClock, zoneClock } from './calendar/zone.ts'
export { createFundFeeMeter, type FeesCharged, type FundFeeMeter } from './fees/fundFeeMeter.ts'
export type { FundFeeTerms } from './fees/fundFeeTerms.ts'
export { type GrossNav, type NetNav, netNavs } from './fees/netNavs.ts'
export { type YieldFrom, yieldNavs } from './fees/yieldNavs.ts'
export { type Balance, cashBalance, shareBalance } from './holding/balance.ts'
export type { HolderOptions } from './holding/holderAccount.ts'
export { ISSUER } from './holding/holderAccount.ts'
export {
  type ComplianceTerms,
  createHolderRegister,
  type HolderRegister,
  type TransferCheck,
  type TransferRefusal,
  UNRESTRICTED,
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
export type { YieldTerms } from './holding/yieldTerms.ts'
export { type PremiumQuote, type PremiumTerms, premiumPrices } from './premiumPrices.ts'
export { type DealingWindow, type DealingWindows, dealingWindows } from './primary/dealingWindows.ts'
export type { DealingDays, DealingTerms, NavTerms } from './primary/navTerms.ts'
export { createNavVenue, type NavVenueOptions } from './primary/navVenue.ts'
export type { QueueSideTerms, QueueTerms } from './queue/queueTerms.ts'
export { createQueueVenue, type QueueVenueOptions } from './queue/queueVenue.ts'
export { NO_FEE, type RequestFeeTerms, requestFeeE8 } from './requests/requestFee.ts'
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
