import fc from 'fast-check'

// What tests import as `fast-check`: the properties that name no seed of their own run from this one, so that a run
// fails or passes for its code alone. `TOUCHSTONE_PROPERTY_SEED=random` looks further; a failure prints its seed.

const FIXED_SEED = 20_260_117
const wished = process.env['TOUCHSTONE_PROPERTY_SEED']
if (wished !== 'random')
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wished ?? FIXED_SEED) })

export * from 'fast-check'
// biome-ignore lint/style/noDefaultExport: fast-check's own.
export default fc
