import { filesOfTree, textOf } from '../walls/tree.ts'
import { shownBy, type Shown } from './read-titles.ts'

interface Section {
  readonly title: string
  readonly ids: Readonly<Record<string, string>>
}

/**
 * The text of docs/status.md: every id of the feature contract, how far it is, and the tests that show it. An id that
 * no test names is not there; one that a test names works, unless docs/contract/partly.json says what is missing.
 */
export function statusPage(): string {
  const sections = JSON.parse(textOf('docs/contract/ids.json')) as Section[]
  const partly = JSON.parse(textOf('docs/contract/partly.json')) as Record<string, string>
  const files = filesOfTree().filter((path) => /\.test\.tsx?$/.test(path) && !path.startsWith('tests/status/'))
  return page(
    sections,
    partly,
    files.flatMap((path) => shownBy(path, textOf(path))),
  )
}

export function page(
  sections: readonly Section[],
  partly: Readonly<Record<string, string>>,
  shown: readonly Shown[],
): string {
  const known = new Set(sections.flatMap(({ ids }) => Object.keys(ids)))
  const strangers = [...Object.keys(partly), ...shown.map(({ id }) => id)].filter((id) => !known.has(id))
  if (strangers.length > 0) throw new Error(`no such id in docs/contract/ids.json: ${strangers.join(', ')}`)

  const testsOf = (id: string) => shown.filter((each) => each.id === id)
  const stateOf = (id: string) => (testsOf(id).length === 0 ? 'not there' : id in partly ? 'partly' : 'works')
  const count = (state: string) => [...known].filter((id) => stateOf(id) === state).length

  const lines = [
    '# Status',
    '',
    'Every statement of the feature contract (R, N) and every invariant (I), and the tests that show it. Made by `npm run status`',
    'from the titles of the tests: an id that no test names is *not there*; *partly* says what is missing.',
    '',
    `${count('works')} work, ${count('partly')} partly, ${count('not there')} not there.`,
  ]
  for (const { title, ids } of sections) {
    lines.push('', `## ${title}`, '', '| id | the statement | state | shown by |', '|---|---|---|---|')
    for (const [id, words] of Object.entries(ids)) {
      const missing = stateOf(id) === 'partly' ? ` (missing: ${partly[id]})` : ''
      lines.push(
        `| ${id} | ${cell(words)} | ${stateOf(id)}${cell(missing)} | ${testsOf(id).map(reference).join('<br>')} |`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}

function reference({ file, title }: Shown): string {
  return `${cell(title)} ([${file.split('/').at(-1)}](../${file}))`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
