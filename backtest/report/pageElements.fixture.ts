/** An element of a page: its name, and its attributes as they are written. */
export type PageElement = { readonly name: string; readonly attributes: string }

const VOID = new Set(['meta', 'col'])
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[\w-]+(?:="[^"<]*")?)*)\s*(\/?)>/gi

/**
 * Reads the elements of a page without forgiveness: what is not closed in its turn, or is neither a tag nor text,
 * is an error.
 */
export function pageElements(page: string): readonly PageElement[] {
  const text = page
    .replace(/^<!doctype html>/, '')
    .replace(/(<(script|style)\b[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3')
  const open: string[] = []
  const found: PageElement[] = []
  let end = 0
  for (const tag of text.matchAll(TAG)) {
    noMarkup(text.slice(end, tag.index))
    end = tag.index + tag[0].length
    const [, slash, name = '', attributes = '', self] = tag
    if (slash === '/') {
      const closed = open.pop()
      if (closed !== name) throw new Error(`</${name}> closes <${closed}>`)
    } else {
      found.push({ name, attributes })
      if (self !== '/' && !VOID.has(name)) open.push(name)
    }
  }
  noMarkup(text.slice(end))
  if (open.length > 0) throw new Error(`${open.join(', ')} never closed`)
  return found
}

function noMarkup(text: string): void {
  if (/[<>]/.test(text)) throw new Error(`Markup in text: ${JSON.stringify(text.slice(0, 80))}`)
}

/** The value of an attribute; undefined without one. */
export const attributeOf = ({ attributes }: PageElement, name: string): string | undefined =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1]

/** What a reader sees, without markup. */
export const visibleText = (page: string): string =>
  page.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ')
