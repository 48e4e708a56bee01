import type { CalibrationBin } from '../../models/index.ts'
import { plainChart } from '../report/chartFrame.ts'
import { linePath, segmentPath } from '../report/chartPaths.ts'
import { html, type Markup } from '../report/markup.ts'
import { countText, formatValue } from '../report/reportNumbers.ts'
import { linearAxis } from '../report/valueAxis.ts'

/** Draws how often a rise came that was given a probability, beside the line where both are equal. */
export function calibrationChart(curve: readonly CalibrationBin[], rows: number): Markup {
  const probabilities = curve.map(({ meanProbability }) => meanProbability)
  const shares = curve.map(({ outcomeShare }) => outcomeShare)
  const across = linearAxis(Math.min(...probabilities), Math.max(...probabilities), 'share', 6)
  const up = linearAxis(
    Math.min(...shares, ...probabilities),
    Math.max(...shares, ...probabilities),
    'share',
    5,
  )
  const low = Math.min(...probabilities)
  const high = Math.max(...probabilities)
  const line = linePath({
    count: curve.length,
    x: k => across.at(probabilities[k] ?? 0),
    y: k => up.at(shares[k] ?? 0),
  })
  const dots = curve
    .map(({ meanProbability, outcomeShare }) => {
      const [x, y] = [across.at(meanProbability), up.at(outcomeShare)]
      return segmentPath(x, y, x, y)
    })
    .join('')
  const even = segmentPath(across.at(low), up.at(low), across.at(high), up.at(high))
  return plainChart(
    {
      title: 'Calibration of the forecasts',
      summary: curve
        .map(
          ({ meanProbability, outcomeShare, rows: size }) =>
            `${formatValue(meanProbability, 'share')} came ${formatValue(outcomeShare, 'share')} of ${countText(size)} times`,
        )
        .join('; '),
      size: 'middle',
      ticks: up.ticks,
      drawing: html`<path class="line benchmark" d="${even}"/><path class="line main" d="${line}"/><path class="dots" d="${dots}"/>`,
      verticals: across.ticks,
    },
    across.ticks,
    `From left to right the probability of a rise that was given, upwards how often it rose, in bins of ${countText(Math.round(rows / Math.max(1, curve.length)))} forecasts; dashed, where both are equal. Few forecasts scatter widely.`,
  )
}
