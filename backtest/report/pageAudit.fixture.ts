/** What a look at a page found wrong, each as a sentence. */
export type PageAudit = {
  readonly overflowPx: number
  readonly faint: readonly string[]
  readonly collisions: readonly string[]
  /** Texts whose contrast was measured. */
  readonly texts: number
}

/**
 * Runs in the page. Measures how far the page is wider than its window; the contrast of every text against what lies
 * under it (WCAG 2.2, 1.4.3: 4.5, or 3 for large text) and of every drawn mark and line against its card (1.4.11: 3);
 * which labels of an axis touch, which texts leave their cells, and which words are broken.
 */
export const PAGE_AUDIT = `(() => {
  const parse = text => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number)
    return { r, g, b, a }
  }
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a),
    g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a),
    a: 1,
  })
  const linear = value => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  const luminance = ({ r, g, b }) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? parse('rgb(0,0,0)') : parse('rgb(255,255,255)')
  const backgroundOf = element => {
    const layers = []
    for (let at = element; at !== null; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor))
    return layers.reverse().reduce((under, top) => over(top, under), canvas)
  }
  const opacityOf = element => {
    let opacity = 1
    for (let at = element; at !== null; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity)
    return opacity
  }
  const faint = []
  const collisions = []
  let texts = 0
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (node.data.trim() === '' || element.closest('script,style,svg') !== null) continue
    const box = element.getBoundingClientRect()
    if (box.width === 0 || box.height === 0) continue
    const style = getComputedStyle(element)
    const under = backgroundOf(element)
    const ink = parse(style.color)
    const ratio = contrast(over({ ...ink, a: ink.a * opacityOf(element) }, under), under)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    texts++
    // A word that stands on two lines: its box is too narrow for it.
    for (const { 0: word, index } of node.data.matchAll(/[A-Za-z]{2,14}(?![\\w-])/g)) {
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) collisions.push(word + ' is broken')
    }
    if (ratio < (large ? 3 : 4.5)) faint.push(ratio.toFixed(2) + ': ' + node.data.trim().slice(0, 40))
  }
  for (const shape of document.querySelectorAll('.plot path, .plot circle, .swatch path, .swatch use')) {
    const style = getComputedStyle(shape)
    // Bands and grids lie behind what is read; a soft area has a line about it.
    if (shape.matches('.band, .grid *, .area.drawdown, .shade, .trip')) continue
    const under = backgroundOf(shape.closest('.chart, .legend') ?? document.body)
    const paints = [style.fill, style.stroke].filter(paint => paint.startsWith('rgb') && parse(paint).a > 0)
    if (shape.matches('use') || paints.length === 0) continue
    const best = Math.max(...paints.map(paint => contrast(over(parse(paint), under), under)))
    if (best < 3) faint.push(best.toFixed(2) + ': ' + shape.getAttribute('class'))
  }
  for (const axis of document.querySelectorAll('.x, .y')) {
    const labels = [...axis.children].map(label => [label.textContent, label.getBoundingClientRect()]).filter(([, box]) => box.width > 0)
    labels.forEach(([text, box], k) => {
      for (const [other, beside] of labels.slice(k + 1))
        if (box.left < beside.right && beside.left < box.right && box.top < beside.bottom && beside.top < box.bottom)
          collisions.push(text + ' and ' + other)
    })
    const card = axis.closest('.chart').getBoundingClientRect()
    for (const [text, box] of labels) if (box.left < card.left || box.right > card.right) collisions.push(text + ' leaves its card')
  }
  for (const cell of document.querySelectorAll('td, th')) {
    const box = cell.getBoundingClientRect()
    if (box.width > 1 && cell.scrollWidth > cell.clientWidth + 1) collisions.push(cell.textContent + ' leaves its cell')
  }
  return { overflowPx: document.documentElement.scrollWidth - innerWidth, faint, collisions, texts }
})()`
