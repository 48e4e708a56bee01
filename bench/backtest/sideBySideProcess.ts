import type { Ppm } from '../../core/index.ts'
import { sideBySide } from './sideBySide.ts'
import { dailyBars, minuteBars } from './smaMarket.ts'

// node sideBySideProcess.js BARS REVERSING FEE_PPM: one task in every contender, in a process of its own. BARS is
// `daily` or a number of minutes. Prints a `SideBySide` as JSON.

const [wanted = '', reversing = '', feePpm = ''] = process.argv.slice(2)
const bars = wanted === 'daily' ? dailyBars() : minuteBars(Number(wanted))
const measured = await sideBySide({ bars, reversing: reversing === 'true', feePpm: Number(feePpm) as Ppm })
console.log(JSON.stringify(measured))
