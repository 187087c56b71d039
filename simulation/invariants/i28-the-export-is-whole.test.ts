import { test } from 'node:test'
import type { Facts } from '../facts.ts'
import type { SealedEvent } from '#engine/store/store.ts'
import { theExportIsWhole } from './i28-the-export-is-whole.ts'
import { breaks, cannotTell, holds, runOf } from './real-run-for-tests.ts'

const facts = await runOf()

/** The export is handed something else than what is sealed. */
function handing(change: (records: readonly SealedEvent[]) => readonly SealedEvent[]): Facts {
  const { store } = facts
  const sealed = async (from: number, limit: number) => change(await store.sealed(from, limit))
  return { ...facts, store: { ...store, sealed } }
}

test('an export holds what the log holds, word for word; where none was written, nothing can be told [I28]', async () => {
  await holds(theExportIsWhole, facts)
  await cannotTell(theExportIsWhole, await runOf(301))
})

test('a record that is left out, or twice there [I28]', async () => {
  await breaks(
    theExportIsWhole,
    handing((all) => all.toSpliced(4, 1)),
    /could not be exported/,
  )
  const fewer = handing((all) => all.toSpliced(4, 1).map((each, index) => ({ ...each, index })))
  await breaks(theExportIsWhole, fewer, /could not be exported/)
})

test('records in another order, or with other words [I28]', async () => {
  const turned = handing((all) => all.toReversed().map((each, index) => ({ ...each, index })))
  await breaks(theExportIsWhole, turned, /line 1 of the export is not/)
  const other = handing((all) =>
    all.map((each) => (each.index === 7 ? { ...each, event: { ...each.event, type: 'X' } } : each)),
  )
  await breaks(theExportIsWhole, other, /line 8 of the export is not/)
})

test('what a person wrote and nobody erased is missing from it [I28]', () =>
  breaks(
    theExportIsWhole,
    handing((all) => all.map((each) => ({ ...each, event: { ...each.event, personalFields: null } }))),
    /line \d+ of the export is not/,
  ))
