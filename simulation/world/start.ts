import type { Instant } from '#core/instant.ts'

/** When every run begins: a Wednesday morning. */
export const START: Instant = Date.parse('2026-03-04T09:00:00.000Z')
