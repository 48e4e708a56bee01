/**
 * The page's only script: each read-out follows the pointer, a finger or the arrow keys, and returns to the last
 * point. The page says the same without it.
 */
export const REPORT_SCRIPT = `
for (const chart of document.querySelectorAll('[data-chart]')) {
  const data = JSON.parse(chart.querySelector('script').textContent)
  const time = chart.querySelector('[data-time]')
  const values = [...chart.querySelectorAll('[data-value]')]
  const plots = [...chart.querySelectorAll('.plot')]
  const last = data.t.length - 1
  const crosses = plots.map(plot => {
    const cross = document.createElement('div')
    cross.className = 'cross'
    cross.hidden = true
    plot.append(cross)
    return cross
  })
  let current = last
  const nearest = at => {
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high) >> 1
      if (data.t[middle] * 1000 < at) low = middle + 1
      else high = middle
    }
    return low > 0 && at - data.t[low - 1] * 1000 < data.t[low] * 1000 - at ? low - 1 : low
  }
  const words = i => new Date(data.t[i] * 1000).toISOString().slice(0, 16).replace('T', ' ')
  const show = (i, marked) => {
    current = i
    time.textContent = words(i)
    values.forEach((element, k) => { element.textContent = data.v[k][i] })
    const span = data.to - data.from
    const at = span > 0 ? Math.min(1, Math.max(0, (data.t[i] * 1000 - data.from) / span)) : 0.5
    for (const cross of crosses) {
      cross.hidden = !marked
      cross.style.left = at * 100 + '%'
    }
  }
  plots.forEach((plot, index) => {
    const hit = document.createElement('div')
    hit.className = 'hit'
    const follow = event => {
      const box = hit.getBoundingClientRect()
      show(nearest(data.from + ((event.clientX - box.left) / box.width) * (data.to - data.from)), true)
    }
    hit.addEventListener('pointermove', follow)
    hit.addEventListener('pointerdown', follow)
    hit.addEventListener('pointerleave', () => show(last, false))
    plot.append(hit)
    if (index > 0) return
    const say = () => {
      hit.setAttribute('aria-valuenow', String(current))
      hit.setAttribute('aria-valuetext', chart.querySelector('.readout').textContent)
    }
    hit.tabIndex = 0
    hit.setAttribute('role', 'slider')
    hit.setAttribute('aria-label', 'Point of the chart')
    hit.setAttribute('aria-valuemin', '0')
    hit.setAttribute('aria-valuemax', String(last))
    say()
    hit.addEventListener('keydown', event => {
      const step = Math.max(1, Math.round(last / 20))
      const to = { ArrowLeft: current - 1, ArrowRight: current + 1, PageDown: current - step, PageUp: current + step, Home: 0, End: last }[event.key]
      if (to === undefined) return
      event.preventDefault()
      show(Math.min(last, Math.max(0, to)), true)
      say()
    })
    hit.addEventListener('blur', () => show(last, false))
  })
}
`
