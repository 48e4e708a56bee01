import type { TouchstoneConfig } from './touchstoneConfig.ts'

/** Types the default export of `touchstone.config.ts`; returns it as it is. */
export function defineConfig(config: TouchstoneConfig): TouchstoneConfig {
  return config
}
