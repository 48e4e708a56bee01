import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PAGE_AUDIT, type PageAudit } from './pageAudit.fixture.ts'
import { renderReport } from './renderReport.ts'
import { REPORT_CASES } from './reportCases.fixture.ts'

const CHROMIUM = '/usr/bin/chromium'
const CASES = Object.entries(REPORT_CASES)

describe.skipIf(!existsSync(CHROMIUM))('the report in a browser (skipped without Chromium)', () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchstone-report-'))
    for (const [name, make] of CASES) await writeFile(join(folder, `${name}.html`), renderReport(make()))
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Opens a report, and keeps what the page complained of and what it asked for. */
  async function open(name: string, options: BrowserContextOptions) {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', message => void complaints.push(message.text()))
    page.on('pageerror', error => void complaints.push(error.message))
    const url = pathToFileURL(join(folder, `${name}.html`)).href
    page.on(
      'request',
      request => void (request.url() === url || complaints.push(`asked for ${request.url()}`)),
    )
    await page.goto(url)
    return { page, complaints, close: () => context.close() }
  }

  const audit = (page: Page): Promise<PageAudit> => page.evaluate(PAGE_AUDIT)

  describe.each(CASES.map(([name]) => name))('of the run "%s"', name => {
    test.each([
      ['light', 390],
      ['light', 1440],
      ['dark', 390],
      ['dark', 1440],
    ] as const)('is legible, %s, at %d pixels', async (colorScheme, width) => {
      const { page, complaints, close } = await open(name, { colorScheme, viewport: { width, height: 900 } })
      const { overflowPx, faint, collisions, texts } = await audit(page)
      expect(texts).toBeGreaterThan(100)
      expect(overflowPx).toBeLessThanOrEqual(0)
      expect(faint).toEqual([])
      expect(collisions).toEqual([])
      expect(complaints).toEqual([])
      await close()
    })
  })

  test.each([320, 600, 768, 1024, 1130, 2000])('keeps its text apart at %d pixels too', async width => {
    const { page, close } = await open('vaults', { viewport: { width, height: 900 } })
    const { overflowPx, collisions } = await audit(page)
    expect(overflowPx).toBeLessThanOrEqual(0)
    expect(collisions).toEqual([])
    await close()
  })

  test('says the same without a script', async () => {
    const [withScript, without] = await Promise.all([
      open('plausible', { javaScriptEnabled: true }),
      open('plausible', { javaScriptEnabled: false }),
    ])
    const text = await without.page.innerText('main')
    expect(text).toContain('How much may be luck')
    expect(await withScript.page.innerText('main')).toBe(text)
    await Promise.all([withScript.close(), without.close()])
  })

  test('prints in one colour scheme, within the paper, with all rows of its tables', async () => {
    // A4 between margins of a centimetre.
    const { page, close } = await open('vaults', {
      colorScheme: 'dark',
      viewport: { width: 718, height: 900 },
    })
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await page.evaluate('document.querySelector("nav").getBoundingClientRect().height')).toBe(0)
    const { overflowPx, faint, collisions } = await audit(page)
    expect(overflowPx).toBeLessThanOrEqual(0)
    expect(faint).toEqual([])
    expect(collisions).toEqual([])
    const hidden =
      '[...document.querySelectorAll(".scroll")].filter(box => box.scrollHeight > box.clientHeight + 1).length'
    expect(await page.evaluate(hidden)).toBe(0)
    await close()
  })

  test('a read-out follows the pointer and the arrow keys, and returns to the last point', async () => {
    const { page, complaints, close } = await open('plausible', { viewport: { width: 1440, height: 900 } })
    const chart = page.locator('[data-chart]').first()
    const time = chart.locator('[data-time]')
    const equity = chart.locator('[data-value]').first()
    const [lastTime, lastEquity] = [await time.innerText(), await equity.innerText()]
    const plot = chart.locator('.plot').first()
    await plot.hover({ position: { x: 1, y: 40 } })
    expect(await time.innerText()).toMatch(/^2022-01-03/)
    expect(await chart.locator('.cross').evaluateAll(crosses => crosses.length)).toBe(2)
    expect(await chart.locator('.cross').first().isVisible()).toBe(true)
    await page.mouse.move(2, 2)
    expect([await time.innerText(), await equity.innerText()]).toEqual([lastTime, lastEquity])
    await plot.locator('.hit').focus()
    await page.keyboard.press('Home')
    expect(await time.innerText()).toBe('2022-01-03 00:00')
    await page.keyboard.press('ArrowRight')
    expect(await time.innerText()).not.toBe('2022-01-03 00:00')
    expect(await plot.locator('.hit').getAttribute('aria-valuetext')).toContain(await time.innerText())
    expect(complaints).toEqual([])
    await close()
  })
})
