import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS } from '#core/instant.ts'
import type { LiveWindow } from '#engine/read/live-windows.ts'
import { readCsv } from './read-csv.ts'
import { readWindowsWords, showWindows, windowsCsv } from './windows.ts'
import { csvLine } from './write-csv.ts'

const NINE = Date.parse('2026-03-04T09:00:00.000Z')

function line(changes: Partial<LiveWindow> = {}): LiveWindow {
  return {
    person: 'Noor Rahimi',
    personId: 'per_noor',
    account: '00u1',
    provider: 'okta',
    group: 'production-operators',
    groupId: '00g1',
    app: 'Production database',
    role: 'Operator',
    startsAt: NINE,
    endsAt: NINE + 6 * HOUR_MS,
    noEnd: false,
    state: 'live',
    overdueSince: null,
    requestId: 'req_1',
    ticket: 'ACCESS-1',
    ...changes,
  }
}

async function* over(lines: readonly LiveWindow[]): AsyncGenerator<LiveWindow> {
  yield* lines
}

async function csvOf(lines: readonly LiveWindow[]): Promise<readonly (readonly string[])[]> {
  const text: string[] = []
  for await (const each of windowsCsv(over(lines))) text.push(each)
  return readCsv(text.join('\r\n'))
}

async function said(lines: readonly LiveWindow[], csv = false): Promise<readonly string[]> {
  const words: string[] = []
  assert.equal(await showWindows({ say: (text) => void words.push(text) }, over(lines), { csv }), 0)
  return words
}

test('one line for each grant and group: who, where, what, when, and why', async () => {
  const late = line({ state: 'ending', endsAt: NINE, overdueSince: NINE, group: 'db-readers' })
  assert.deepEqual(await csvOf([line(), late]), [
    [
      'person',
      'account',
      'provider',
      'group',
      'group_id',
      'app',
      'role',
      'starts',
      'ends',
      'state',
      'overdue_since',
      'request',
      'ticket',
    ],
    [
      'Noor Rahimi',
      '00u1',
      'okta',
      'production-operators',
      '00g1',
      'Production database',
      'Operator',
      '2026-03-04T09:00:00.000Z',
      '2026-03-04T15:00:00.000Z',
      'live',
      '',
      'req_1',
      'ACCESS-1',
    ],
    [
      'Noor Rahimi',
      '00u1',
      'okta',
      'db-readers',
      '00g1',
      'Production database',
      'Operator',
      '2026-03-04T09:00:00.000Z',
      '2026-03-04T09:00:00.000Z',
      'ending',
      '2026-03-04T09:00:00.000Z',
      'req_1',
      'ACCESS-1',
    ],
  ])
})

test('standing access says "no end", and what has not begun has none yet', async () => {
  const [, standing, opening] = await csvOf([
    line({ endsAt: null, noEnd: true }),
    line({ state: 'opening', startsAt: null, endsAt: null }),
  ])
  assert.deepEqual([standing?.[8], opening?.[7], opening?.[8], opening?.[9]], ['no end', '', '', 'opening'])
})

/** What somebody could be called, or call a group, to have a spreadsheet work it out. */
function hostileTexts(): readonly string[] {
  const payloads = [
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(1)',
    '=HYPERLINK("http://evil.example","click")',
    "=cmd|' /C calc'!A0",
    'DDE("cmd";"/C calc";"x")',
    '%0A=1+1',
    '|calc',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(1)',
    '=IMPORTXML("http://evil.example")',
    "-2+3+cmd|' /C calc'!A0",
  ]
  const before = [
    '',
    ' ',
    '\t',
    '\r',
    '\n',
    '\r\n',
    '\u00a0',
    '\u200b',
    '\ufeff',
    '\u202e',
    '"',
    "'",
    ';',
    ',',
    '\0',
    '\u3000',
  ]
  const after = ['', ' ', '"', '\r\n=2+2', '";=2+2', '\t=2+2', ',=2+2']
  return payloads.flatMap((payload) => before.flatMap((start) => after.map((end) => `${start}${payload}${end}`)))
}

const LIKE_A_FORMULA = /^\s*[=+\-@＝＋－＠]/

test('whatever a name holds, each cell is one cell, and is text to a spreadsheet', async () => {
  const texts = hostileTexts()
  assert.ok(texts.length > 500)
  for (const text of texts) {
    const written = csvLine(['before', text, 'after'])
    assert.doesNotMatch(written, /[\r\n\t\0\u202e\u200b]/, JSON.stringify(text))
    const [row = [], ...more] = readCsv(written)
    assert.deepEqual([row.length, row[0], row[2], more.length], [3, 'before', 'after', 0], JSON.stringify(text))
    assert.doesNotMatch(row[1] ?? '', LIKE_A_FORMULA, JSON.stringify(text))
    // A reader with another separator, who takes quotes as they come, finds no formula either.
    for (const separator of [';', '\t', '|'])
      for (const piece of written.split(separator))
        assert.doesNotMatch(piece.replaceAll('"', ''), LIKE_A_FORMULA, `${JSON.stringify(text)} by ${separator}`)
  }
})

test('ordinary names stay as they are', () => {
  const names = ['Inês Carvalho', 'O’Brien, Pat', 'Smith-Jones', 'R&D (EU)', 'a+b', '50 %', 'نور الحداد']
  assert.deepEqual(readCsv(csvLine(names)), [names])
})

test('for people at a terminal: a line each and a sum, without anything that the terminal would obey', async () => {
  const words = await said([
    line({ person: 'Mallory\u001b[2J\r\n\u202e', overdueSince: NINE, state: 'ending' }),
    line({ endsAt: null, noEnd: true }),
  ])
  assert.equal(words.length, 3)
  assert.match(words[0] ?? '', /^2026-03-04T15:00:00\.000Z {2}ending {3}Mallory \[2J \(00u1\) {2}production-operators/)
  assert.match(words[0] ?? '', /ACCESS-1 {2}OVERDUE since 2026-03-04T09:00:00\.000Z$/)
  assert.match(words[1] ?? '', /^no end {2,}live/)
  assert.equal(words[2], '2 windows; 1 is overdue.')
  assert.deepEqual(await said([]), ['Nobody holds anything by a grant of Tenure, and nothing is to be taken away.'])
  assert.equal((await said([line()], true)).length, 2, 'as CSV there is no sum')
})

test('the words of the command', () => {
  assert.deepEqual(readWindowsWords(['windows', '--live']), { csv: false })
  assert.deepEqual(readWindowsWords(['windows', '--csv', '--live']), { csv: true })
  for (const words of [
    ['windows'],
    ['windows', '--csv'],
    ['windows', '--live', '--all'],
    ['windows', '--live', '--live'],
    ['window', '--live'],
  ])
    assert.equal(readWindowsWords(words), null, words.join(' '))
})
