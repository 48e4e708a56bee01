// Curves are drawn in a box of these many units and stretched to the width of the page; strokes do not stretch.
const WIDTH = 10_000
const HEIGHT = 1_000

/** Where the points of a curve lie: 0 to 1 from the left, and from the bottom. */
export type Curve = {
  readonly count: number
  x(index: number): number
  y(index: number): number
}

const across = (share: number): number => Math.round(share * WIDTH)
const down = (share: number): number => Math.round((1 - Math.min(1.5, Math.max(-0.5, share))) * HEIGHT)

/** Straight lines from point to point. */
export function linePath({ count, x, y }: Curve): string {
  let path = ''
  let previous = ''
  for (let i = 0; i < count; i++) {
    const point = `${across(x(i))} ${down(y(i))}`
    if (point === previous) continue
    path += path === '' ? `M${point}` : ` ${point}`
    previous = point
  }
  // A line to where it starts makes a dot of a single point.
  return path === '' || path.includes(' ', path.indexOf(' ') + 1) ? path : `${path}h0`
}

/** The same, filled down or up to a height. */
export function areaPath(curve: Curve, base: number): string {
  if (curve.count === 0) return ''
  const line = linePath(curve).replace(/h0$/, '')
  const end = `${across(curve.x(curve.count - 1))} ${down(base)}`
  return `${line} ${end} ${across(curve.x(0))} ${down(base)}Z`
}

/** A rectangle between two points. */
export function boxPath(x0: number, x1: number, y0: number, y1: number): string {
  const [left, top] = [across(Math.min(x0, x1)), down(Math.max(y0, y1))]
  return `M${left} ${top}H${across(Math.max(x0, x1))}V${down(Math.min(y0, y1))}H${left}Z`
}

/** A straight line between two points. */
export const segmentPath = (x0: number, y0: number, x1: number, y1: number): string =>
  `M${across(x0)} ${down(y0)} ${across(x1)} ${down(y1)}`

/** The view box of curves. */
export const VIEW_BOX = `0 0 ${WIDTH} ${HEIGHT}`

/** A share of one as per cent with two decimals, for a position in a style or in SVG. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`
