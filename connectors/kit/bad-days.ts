import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from './io.ts'

/**
 * Bad days of a vendor, for a stand-in to have on demand. A habit is an answer instead of the work, or the work and then
 * a spoilt answer. Nothing is drawn: tests and schedules say what befalls which request.
 */
export type BadDay = BadAnswer | SpoiltAnswer

/** What was asked is not done. */
export interface BadAnswer {
  readonly instead: (request: HttpRequest, now: Instant) => HttpAnswer
}

/** What was asked is done. */
export interface SpoiltAnswer {
  /** What it can do something to: only a list can lose a row, only what is read can hold a null. */
  readonly needs: 'anything' | 'a list' | 'an answer to read'
  readonly spoil: (answer: HttpAnswer, request: HttpRequest, where: Chosen) => HttpAnswer
}

/** What in an answer goes wrong, where that is left open: another one each time unless it is set. */
export interface Where {
  /** The id of the row. */
  readonly row?: string
  /** The name of the value. */
  readonly field?: string
}

/** `turn` counts the bad days of the stand-in, so that chance is not needed to choose. */
export type Chosen = Where & { readonly turn: number }

export interface MisbehaveOptions extends Where {
  /** How many requests it befalls; one unless set. */
  readonly times?: number
  /** Which requests; those that the habit suits unless set. One that is chosen here and that it does not suit is answered well. */
  readonly when?: (request: HttpRequest) => boolean
}

export interface BadDays<Habit extends string> {
  order(habit: Habit, options?: MisbehaveOptions): void
  /** What befalls this request, or null. */
  next(request: HttpRequest): Misfortune<Habit> | null
}

export interface Misfortune<Habit extends string> {
  readonly habit: Habit
  /** Null for a habit that comes after the work. */
  insteadOfWork(now: Instant): HttpAnswer | null
  spoilt(answer: HttpAnswer): HttpAnswer
}

export function createBadDays<Habit extends string>(
  table: Readonly<Record<Habit, BadDay>>,
  suits: (habit: Habit, request: HttpRequest) => boolean,
): BadDays<Habit> {
  const ordered: {
    readonly habit: Habit
    times: number
    readonly when: ((request: HttpRequest) => boolean) | undefined
    readonly where: Where
  }[] = []
  let had = 0

  return {
    order(habit, { times = 1, when, ...where } = {}) {
      ordered.push({ habit, times, when, where })
    },
    next(request) {
      if (ordered.length === 0) return null
      const index = ordered.findIndex(({ habit, when }) => when?.(request) ?? suits(habit, request))
      const found = ordered[index]
      if (found === undefined) return null
      found.times -= 1
      if (found.times <= 0) ordered.splice(index, 1)
      const { habit, where } = found
      if (!suits(habit, request)) return null
      had += 1
      const turn = had
      const day = table[habit]
      return {
        habit,
        insteadOfWork: (now) => ('instead' in day ? day.instead(request, now) : null),
        spoilt: (answer) => ('instead' in day ? answer : day.spoil(answer, request, { ...where, turn })),
      }
    },
  }
}

export function needsOf(day: BadDay): SpoiltAnswer['needs'] {
  return 'instead' in day ? 'anything' : day.needs
}

/** A connection that ends in the middle. */
export function halfOf(answer: HttpAnswer): HttpAnswer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
}
