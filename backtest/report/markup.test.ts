import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeText, html, jsonBlock, trusted } from './markup.ts'

test('text is escaped, markup is kept, lists are joined', () => {
  const bold = html`<b>${'a < b & "c"'}</b>`
  expect(html`<p title="${`it's`}">${[bold, ' ', 1.5]}${trusted('<i>x</i>')}</p>`.text).toBe(
    '<p title="it&#39;s"><b>a &lt; b &amp; &quot;c&quot;</b> 1.5<i>x</i></p>',
  )
})

test('control characters become replacement characters; tabs and lines stay', () => {
  expect(escapeText('a\u0000b\u001b\tc\nd\u007f')).toBe('a\ufffdb\ufffd\tc\nd\ufffd')
})

test('no text leaves its element or its attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(escapeText(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/)
    }),
  )
})

test('no text ends a data block, and it reads back the same', () => {
  const hostile = { a: '</script><script>alert(1)</script>', b: '<!--', c: '\u2028&' }
  const { text } = jsonBlock(hostile)
  expect(text).not.toMatch(/[<>&\u2028]/)
  expect(JSON.parse(text)).toEqual(hostile)
})
