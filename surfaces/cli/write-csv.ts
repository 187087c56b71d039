import { plainText } from '#connectors/kit/plain-text.ts'

/*
 * Lines of CSV (RFC 4180) that a spreadsheet shows as the text that they are. A name, a group or a role may have been
 * written by somebody who would like it to be a formula, so every cell is quoted, is one line without control characters,
 * and begins with an apostrophe where it would begin like a formula. The same after whatever another reader may take for
 * a separator: a semicolon, a comma, a tab, a quote.
 */

const LONGEST_CELL = 1_000

/** ASCII and fullwidth: `=`, `+`, `-`, `@`; and `|` and `%`, which old readers of DDE look for. */
const FORMULA = '[=+\\-@|%＝＋－＠｜％]'
const BEGINS = new RegExp(`^${FORMULA}`)
const AFTER_A_SEPARATOR = new RegExp(`([;,"'|]\\s*)(?=${FORMULA})`, 'g')

export function csvLine(cells: readonly string[]): string {
  return cells.map(cellOf).join(',')
}

function cellOf(text: string): string {
  const line = plainText(text.toWellFormed(), LONGEST_CELL).replace(AFTER_A_SEPARATOR, "$1'")
  return `"${(BEGINS.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`
}
