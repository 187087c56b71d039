import type { Invariant } from './invariant.ts'

/** What a replica may say when the database was taken from it. */
const PUT_IN_THE_WAY = /the database is away|the connection broke/

/** Not a promise of the list, and the first thing that a broken change shows. */
export const nothingStumblesByItself: Invariant = {
  id: 'I0',
  says: 'Nothing stumbles but over what was put in its way: every fault that is logged was injected.',
  check: ({ run: { history } }) => [
    ...history.notices.map((what) => ({ at: 0, what })),
    ...history.log
      .filter((each) => each.level === 'error' && !PUT_IN_THE_WAY.test(each.message))
      .map(({ at, replica, message }) => ({ at, what: `${replica}: ${message}` })),
  ],
}
