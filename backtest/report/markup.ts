/** Text that is markup already: made by `html` alone, so that everything else is escaped. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template: text and numbers are escaped, markup is kept, lists are joined. */
export type Content = Markup | string | number | readonly Content[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for an element or a quoted attribute; control characters, which no page may hold, become �. */
export function escapeText(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
  )
}

/** Builds markup; every value is escaped unless it is markup itself. Attributes must be quoted. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = parts[0] ?? ''
  for (let i = 0; i < values.length; i++) text += rendered(values[i] ?? '') + (parts[i + 1] ?? '')
  return new Markup(text)
}

/** Markup from text that this folder wrote itself: styles, scripts, path data. Never from data. */
export const trusted = (text: string): Markup => new Markup(text)

/** JSON for a data block of a page: no text in it can end the element. */
export const jsonBlock = (value: unknown): Markup =>
  new Markup(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape))

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Nothing. */
export const EMPTY = new Markup('')

function rendered(content: Content): string {
  if (content instanceof Markup) return content.text
  if (typeof content === 'string') return escapeText(content)
  if (typeof content === 'number') return String(content)
  return content.map(rendered).join('')
}
