import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '#core/event.ts'
import type { StoredCheckpoint } from '../store.ts'
import type { Tables } from './tables.ts'

export function newestCheckpoint({ log }: Tables): StoredCheckpoint | null {
  const newest = log.checkpoints.at(-1)
  if (newest === undefined) return null
  const { size, rootHash, note, at } = newest
  return { size, rootHash, note, at }
}

/** Erases the personal fields, and the copy that the state of the stream keeps of them. */
export function erase({ log, streams }: Tables, stream: string, version: number): boolean {
  const erased = log.erasePersonal(stream, version)
  if (erased === null) return false
  const row = streams.get(stream)
  if (row) streams.put({ ...row, state: forgetting(row.state, erased) })
  return true
}

function forgetting(state: JsonObject, erased: JsonObject): JsonObject {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(state).map(([key, value]) => [key, isDeepStrictEqual(value, erased) ? null : value]),
    ),
  )
}
