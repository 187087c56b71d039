/**
 * Text of a vendor is hostile: it may be endless, hold control characters, or turn the reading direction of what
 * stands beside it. Two cuts, for two uses.
 */

/** For lines that people and logs read: one line, without control characters and direction marks, at most `limit` long. */
export function plainText(text: string, limit: number): string {
  const start = text.length > limit * 2 ? cut(text, limit * 2) : text
  const line = start.replace(CONTROL_OR_DIRECTION, ' ').replace(/ {2,}/g, ' ').trim()
  return line.length > limit ? `${cut(line, limit - 1)}…` : line
}

/** For data that is kept: as it came, only never longer than `limit`. Whoever shows it must escape it. */
export function bounded(text: string, limit: number): string {
  return text.length > limit ? cut(text, limit) : text
}

// C0, DEL and C1; zero-width and direction marks (U+061C, U+200B-200F, U+202A-202E, U+2060-206F); line separators; the byte order mark.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const CONTROL_OR_DIRECTION = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** Never leaves half a surrogate pair, which no JSON canonicaliser accepts. */
function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit)
}
