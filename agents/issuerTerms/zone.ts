/** The zones that are known by their IANA name. */
export const NAMED_ZONES = [
  'UTC',
  'America/New_York',
  'America/Toronto',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Luxembourg',
  'Europe/Paris',
  'Europe/Berlin',
  'Europe/Zurich',
  'Europe/Amsterdam',
  'Europe/Madrid',
  'Europe/Rome',
  'Asia/Dubai',
  'Asia/Kolkata',
  'Asia/Singapore',
  'Asia/Hong_Kong',
  'Asia/Shanghai',
  'Asia/Tokyo',
] as const

/** A zone that is known by name. */
export type NamedZone = (typeof NAMED_ZONES)[number]

/** A named zone, or a fixed offset from UTC such as `+08:00`. */
export type Zone = NamedZone | `+${string}` | `-${string}`
