import { createBadDays, needsOf } from '#connectors/kit/bad-days.ts'
import type { BadDay, BadDays } from '#connectors/kit/bad-days.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { BAD_ANSWERS } from './bad-answers.ts'
import { pathOf, rowsIn } from './path.ts'
import { SPOILT_ANSWERS } from './spoilt-answers.ts'

/** What Google does on a bad day: an answer instead of the work, or the work and then a spoilt answer. */
export type Habit = keyof typeof BAD_ANSWERS | keyof typeof SPOILT_ANSWERS

const TABLE: Readonly<Record<Habit, BadDay>> = { ...BAD_ANSWERS, ...SPOILT_ANSWERS }

export const HABITS = Object.keys(TABLE) as readonly Habit[]

/** Whether the habit can do anything to such a request. */
export function suits(habit: Habit, { method, url }: Pick<HttpRequest, 'method' | 'url'>): boolean {
  const needs = needsOf(TABLE[habit])
  if (needs === 'anything') return true
  return method === 'GET' && (needs === 'an answer to read' || rowsIn(pathOf(url).kind) !== null)
}

export function createHabits(): BadDays<Habit> {
  return createBadDays(TABLE, suits)
}
