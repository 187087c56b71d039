import { connectors, type Registry } from '#connectors/index.ts'
import { CAPABILITIES, CAPABILITY_WORDS } from '#surfaces/words/capabilities.ts'

const BEGIN = '<!-- connectors: written by npm run status, from what the connectors declare -->'
const END = '<!-- end of connectors -->'

/** What each connector can do, as they declare it. */
export function connectorTable(registry: Registry = connectors): string {
  const all = Object.values(registry)
  const rows = CAPABILITIES.map((each) => [
    CAPABILITY_WORDS[each],
    ...all.map(({ capabilities }) => (capabilities.includes(each) ? 'yes' : '–')),
  ])
  const lines = [['', ...all.map(({ displayName }) => displayName)], ['---', ...all.map(() => '---')], ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The README with this table in it; null when it has no place for one. */
export function readmeWithTable(readme: string): string | null {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (begin === -1 || end < begin) return null
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${connectorTable()}\n\n${readme.slice(end)}`
}
