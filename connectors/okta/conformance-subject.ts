import type { Connected, DirectorySubject, DirectoryTrouble } from '#connectors/kit/conformance-subject.ts'
import type { MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { okta } from './connector.ts'
import {
  configFor,
  EVERYBODY_BIG,
  EVERYONE,
  FROM_APP,
  organisation,
  person,
  SALES,
  SALES_RULE,
  SUPPORT,
  smallSeed,
  userId,
} from './organisation-for-tests.ts'
import type { AccountStanding } from '#connectors/kit/account.ts'
import { scopesFor } from './permissions.ts'
import type { Habit } from './stand-in/habits.ts'

const HABIT_OF: Partial<Record<DirectoryTrouble, Habit>> = {
  'server error after the effect': '500 after the effect',
  'rate limit of 30 s': '429',
  'rate limit without a word about its end': '429 without headers',
  HTML: 'HTML login page',
  'half a JSON': 'half a JSON',
  'error in a 200': 'error in a 200',
  'paging that loops': 'cursor that loops',
  'credentials refused': '401',
  'permission missing': '403',
  'error that repeats what was sent': 'error that repeats the request',
  'null for a list': 'null for a list',
  'null among the rows': 'null among the rows',
  'row twice': 'row twice',
  'values of another kind beside the id': 'values of another kind',
}

const STANDING_OF: Readonly<Record<string, AccountStanding>> = {
  ACTIVE: 'active',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
}

const ref = (id: string) => ({ provider: 'okta', id })
const isWrite = (request: HttpRequest): boolean => request.method !== 'GET' && request.url.includes('/api/v1/')
/** The rights are asked for where tokens are given out. */
const isToken = (request: HttpRequest): boolean => request.url.endsWith('/oauth2/v1/token')
const isRead = (request: HttpRequest): boolean =>
  isToken(request) || (request.method === 'GET' && !request.url.includes('/groups/rules'))

/** The connector on the small organisation. `observe` sees every message until trouble is ordered. */
export function oktaSubject(observe?: (request: HttpRequest, answer: HttpAnswer) => void): DirectorySubject {
  let troubled = false
  const acme = organisation({
    rateLimits: null,
    longestPage: 100,
    config: { accounts: 'on', log: 'on' },
    observe: (request, answer) => (troubled ? undefined : observe?.(request, answer)),
  })
  const { standIn } = acme
  const byHand = userId(290)
  standIn.hands.addByAdmin(SALES, byHand, acme.now())
  const before = standIn.truth.changeLog.length
  const misbehave = (habit: Habit, options: MisbehaveOptions) =>
    standIn.hands.misbehave(habit, { times: 1_000, ...options })
  const secretsIn = ({ headers, body }: HttpRequest) => [
    headers['authorization']?.replace('Bearer ', ''),
    new URLSearchParams(body ?? '').get('client_assertion') ?? undefined,
  ]
  let made = 0
  return {
    ...acme.okta,
    group: ref(SUPPORT),
    accounts: [userId(260), userId(261), userId(262)],
    unknownGroup: ref('00gNobody00000000000'),
    unknownAccount: '00uNobody00000000000',
    vendorManaged: [ref(FROM_APP), ref(EVERYONE)],
    ruleFed: { group: ref(SALES), byRule: userId(305), byHand },
    big: { group: ref(EVERYBODY_BIG), accounts: Array.from({ length: 250 }, (_, index) => userId(index + 1)) },
    peopleCount: 350,
    groupCount: smallSeed().groups.length,
    secrets: () => acme.requests.flatMap(secretsIn).filter((each) => each !== undefined),
    truth: {
      members: ({ id }) => standIn.truth.members(id),
      changeCount: () => standIn.truth.changeLog.length - before,
      writesSent: () => acme.requests.filter(isWrite).length,
      excludedFromRules: () => standIn.truth.exclusions(SALES_RULE),
      accountCount: () => standIn.truth.userCount(),
      standing: (account) => STANDING_OF[standIn.truth.statusOf(account) ?? ''] ?? 'other',
      sessions: (account) => standIn.truth.sessions(account),
    },
    hands: {
      hire({ login, email, displayName }) {
        const one = person(1_000 + (made += 1), { login, email, displayName })
        standIn.hands.hire(one, acme.now())
        return one.id
      },
      setDisplayName: (account, displayName) => standIn.hands.setProfile(account, { displayName }, acme.now()),
      leave: (account) => standIn.hands.setStatus(account, 'DEPROVISIONED', acme.now()),
      addMember: ({ id }, account) => standIn.hands.addByAdmin(id, account, acme.now()),
      removeMember: ({ id }, account) => standIn.hands.removeByAdmin(id, account, acme.now()),
      makeGroup(name) {
        const id = `00gMade${String((made += 1)).padStart(13, '0')}`
        standIn.hands.addGroup({ id, type: 'OKTA_GROUP', name, description: '' })
        return ref(id)
      },
      renameGroup: ({ id }, name) => standIn.hands.renameGroup(id, name),
      deleteGroup: ({ id }) => standIn.hands.deleteGroup(id, acme.now()),
      forgetPlaces: () => standIn.hands.forgetCursors(),
      signIn: (account) => standIn.hands.signIn(account, acme.now()),
      grant(rights) {
        const exact = scopesFor({ accounts: true, log: true })
        standIn.hands.setScopes(rights === 'one too few' ? exact.slice(1) : [...exact, 'okta.roles.manage'])
      },
    },
    anotherProcess: () =>
      okta.connect({ ...configFor('acme.okta.com'), accounts: 'on', log: 'on' }, acme.io) as Connected,
    trouble(kind, on) {
      troubled = true
      const when = on === 'write' ? isWrite : isRead
      const habit = HABIT_OF[kind]
      if (kind === 'row without an id') misbehave('null where a value was', { when, field: 'id' })
      else if (kind === 'unknown fields and values') {
        let turn = 0
        misbehave('unknown fields', { when: (request) => when(request) && (turn += 1) % 2 === 0 })
        misbehave('unknown enum value', { when })
      } else if (habit !== undefined) misbehave(habit, { when })
      else if (kind === 'empty lists for want of a role') standIn.hands.setAdminRole(false)
      else for (let i = 0; i < 20; i += 1) acme.lose(kind === 'request lost' ? 'request' : 'answer', when)
    },
    lag: (ms) => standIn.hands.setLag(ms),
    now: acme.now,
    advance: acme.advance,
  }
}
