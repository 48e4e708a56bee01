import { createHash } from 'node:crypto'
import { REPORT_SCRIPT } from './reportScript.ts'

/**
 * The policy of a page with `REPORT_SCRIPT`. It needs its own style and script and nothing else, so a browser refuses
 * everything else, whatever a name in the data contains. Positions are written as style attributes.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(REPORT_SCRIPT).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
