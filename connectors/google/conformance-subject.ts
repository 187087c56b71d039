import type { DirectorySubject, DirectoryTrouble } from '#connectors/kit/conformance-subject.ts'
import type { NativeEndSubject } from '#connectors/kit/conformance-native-end.ts'
import type { MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { SCOPE } from './scopes.ts'
import type { Habit } from './stand-in/habits.ts'
import {
  BIG,
  DYNAMIC,
  groupEmail,
  groupId,
  LOCKED,
  NO_END,
  person,
  scopesFor,
  SECURITY,
  smallSeed,
  SUPPORT,
  SYNCED,
  userId,
  workspace,
} from './workspace-for-tests.ts'

const HABIT_OF: Partial<Record<DirectoryTrouble, Habit>> = {
  'server error after the effect': '500 after the effect',
  'rate limit of 30 s': '403 with Retry-After',
  'rate limit without a word about its end': '403 userRateLimitExceeded',
  HTML: 'HTML login page',
  'half a JSON': 'half a JSON',
  'error in a 200': 'error in a 200',
  'paging that loops': 'page token that loops',
  'credentials refused': '401',
  'permission missing': '403',
  'error that repeats what was sent': 'error that repeats the request',
  'null for a list': 'null for a list',
  'null among the rows': 'null among the rows',
  'row twice': 'row twice',
  'values of another kind beside the id': 'values of another kind',
}

const ref = (id: string) => ({ provider: 'google', id })
const isToken = ({ url }: HttpRequest): boolean => url.endsWith('/token')
export const isWrite = (request: HttpRequest): boolean => request.method !== 'GET' && !isToken(request)
/** The rights are read from tokens. */
const isRead = (request: HttpRequest): boolean => request.method === 'GET' || isToken(request)

/** Rows, beside whose ids anything may stand. An end that is not understood is another matter: native-end.test.ts. */
const isDirectoryList = ({ method, url }: HttpRequest): boolean =>
  method === 'GET' && /\/admin\/directory\/v1\/((users|groups)|groups\/\w+\/members)\?/.test(url)

export type Observe = (request: HttpRequest, answer: HttpAnswer) => void

/** The connector on the small company. `observe` sees every message until trouble is ordered. */
export function googleSubject(observe?: Observe, nativeEnd = false): DirectorySubject {
  let troubled = false
  const seed = smallSeed()
  const acme = workspace({
    seed: { ...seed, serviceAccount: { ...seed.serviceAccount, scopes: scopesFor(nativeEnd) } },
    config: { nativeEnd: nativeEnd ? 'on' : 'off' },
    limits: null,
    longestPage: 100,
    observe: (request, answer) => (troubled ? undefined : observe?.(request, answer)),
  })
  const { standIn } = acme
  const misbehave = (habit: Habit, options: MisbehaveOptions) =>
    standIn.hands.misbehave(habit, { times: 1_000, ...options })
  const tokens = () => acme.requests.map((request) => request.headers['authorization']?.replace('Bearer ', ''))
  const assertions = () =>
    acme.requests.filter(isToken).map(({ body }) => new URLSearchParams(body).get('assertion') ?? undefined)
  let made = 0
  return {
    ...acme.google,
    group: ref(SUPPORT),
    accounts: [userId(260), userId(261), userId(262)],
    unknownGroup: ref(groupId(999)),
    unknownAccount: userId(999),
    vendorManaged: [DYNAMIC, LOCKED, SYNCED].map(ref),
    ruleFed: null,
    big: { group: ref(BIG), accounts: Array.from({ length: 250 }, (_, index) => userId(index + 1)) },
    peopleCount: 350,
    groupCount: seed.groups.length,
    secrets: () => [...tokens(), ...assertions()].filter((secret) => secret !== undefined),
    truth: {
      members: ({ id }) => standIn.truth.members(id, acme.now()),
      changeCount: () => standIn.truth.changeLog.length,
      writesSent: () => acme.requests.filter(isWrite).length,
      excludedFromRules: () => [],
      accountCount: () => standIn.truth.userCount() + standIn.truth.strangers.length,
      standing: (account) => (standIn.truth.isSuspended(account) ? 'suspended' : 'active'),
      sessions: (account) => standIn.truth.sessions(account),
    },
    hands: {
      hire({ login, email, displayName }) {
        // At Google a user has one address, which is the login as well.
        if (email !== login) return null
        const one = person(1_000 + (made += 1), { primaryEmail: login, fullName: displayName })
        standIn.hands.hire(one, acme.now())
        return one.id
      },
      setDisplayName: (account, fullName) => standIn.hands.change(account, { fullName }, acme.now()),
      leave: (account) => standIn.hands.change(account, { suspended: true }, acme.now()),
      addMember: ({ id }, account) => standIn.hands.addByAdmin(id, account, acme.now()),
      removeMember: ({ id }, account) => standIn.hands.removeByAdmin(id, account, acme.now()),
      makeGroup(name) {
        const id = groupId(1_000 + (made += 1))
        standIn.hands.addGroup({ id, email: groupEmail(id), name, kind: 'plain' }, acme.now())
        return ref(id)
      },
      renameGroup: ({ id }, name) => standIn.hands.renameGroup(id, name, acme.now()),
      deleteGroup: ({ id }) => standIn.hands.deleteGroup(id, acme.now()),
      forgetPlaces: () => standIn.hands.forgetPlaces(),
      signIn(account) {
        standIn.hands.signIn(account, acme.now())
        standIn.hands.addAsp(account)
      },
      grant(rights) {
        const exact = scopesFor(nativeEnd)
        const fewer = exact.filter((scope) => scope !== SCOPE.audit)
        const more = [...exact, 'https://www.googleapis.com/auth/admin.directory.rolemanagement']
        standIn.hands.setScopes(rights === 'one too few' ? fewer : more)
      },
    },
    anotherProcess: acme.anotherProcess,
    trouble(kind, on) {
      troubled = true
      const when = on === 'write' ? isWrite : isRead
      const habit = HABIT_OF[kind]
      if (kind === 'row without an id') misbehave('null where a value was', { when, field: 'id' })
      else if (kind === 'unknown fields and values') {
        let turn = 0
        misbehave('unknown fields', { when: (request) => when(request) && (turn += 1) % 2 === 0 })
        misbehave('unknown enum value', { when })
      } else if (habit === 'values of another kind') misbehave(habit, { when: isDirectoryList })
      else if (habit !== undefined) misbehave(habit, { when })
      // Without a scope Google answers 403: an empty list is never its way to say so.
      else if (kind === 'empty lists for want of a role') standIn.hands.takeAway(scopesFor(nativeEnd))
      else for (let i = 0; i < 40; i += 1) acme.lose(kind === 'request lost' ? 'request' : 'answer', when)
    },
    lag: (ms) => standIn.hands.setLag(ms),
    now: acme.now,
    advance: acme.advance,
  }
}

const isUpdate = ({ url }: HttpRequest): boolean => url.endsWith(':modifyMembershipRoles')

/** The connector on a company of the edition Enterprise, of whose groups one takes no end. */
export function googleNativeEndSubject(observe?: Observe): NativeEndSubject {
  const acme = workspace({
    config: { nativeEnd: 'on' },
    limits: null,
    observe: (request, answer) => observe?.(request, answer),
  })
  const { standIn } = acme
  if (acme.google.nativeEnd === undefined) throw new Error('ends are switched on')
  return {
    membership: acme.google.membership,
    nativeEnd: acme.google.nativeEnd,
    group: ref(SECURITY),
    accounts: [userId(260), userId(261), userId(262)],
    unknownGroup: ref(groupId(999)),
    unknownAccount: userId(999),
    endless: ref(NO_END),
    now: acme.now,
    advance: acme.advance,
    truth: {
      members: ({ id }) => standIn.truth.members(id, acme.now()),
      endsSent: () => acme.requests.filter(isUpdate).length,
    },
    trouble(kind) {
      if (kind === 'permission missing') standIn.hands.misbehave('403', { times: 100, when: isUpdate })
      else if (kind === 'rate limit of 30 s') standIn.hands.misbehave('429', { times: 100, when: isUpdate })
      else for (let i = 0; i < 40; i += 1) acme.lose(kind === 'request lost' ? 'request' : 'answer', isUpdate)
    },
  }
}
