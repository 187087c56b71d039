import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readKilled } from './killed.ts'
import { MUTANTS } from './mutants.ts'
import { TABLE, tableOf } from './table.ts'

function sourceOf(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
}

test('each mutant has its own name, and changes exactly one place of its file', () => {
  assert.equal(new Set(MUTANTS.map((each) => each.name)).size, MUTANTS.length)
  for (const { name, file, find, replace } of MUTANTS) {
    assert.equal(sourceOf(file).split(find).length - 1, 1, `how often "${name}" finds its place in ${file}`)
    assert.notEqual(find, replace, name)
  }
})

test('at least 30 mutants, of which at least 10 re-enact a published incident', () => {
  assert.ok(MUTANTS.length >= 30)
  assert.ok(new Set(MUTANTS.flatMap(({ incident }) => incident ?? [])).size >= 10)
})

test('every mutant is recorded as killed by a promise, and nothing else is recorded', () => {
  const killed = readKilled()
  assert.deepEqual(
    killed.map((each) => each.name),
    MUTANTS.map((each) => each.name),
    'npm run mutants -- --mend looks for those that are missing',
  )
  for (const { name, by } of killed) assert.ok(by.length > 0, name)
})

test('the table of mutants is what the list and the record say', () => {
  assert.ok(existsSync(TABLE))
  assert.equal(readFileSync(TABLE, 'utf8'), tableOf(MUTANTS, readKilled()), 'npm run mutants -- --mend writes it')
})
