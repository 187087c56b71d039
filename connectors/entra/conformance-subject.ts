import type { DirectorySubject, DirectoryTrouble } from '#connectors/kit/conformance-subject.ts'
import type { NativeEndSubject } from '#connectors/kit/conformance-native-end.ts'
import type { MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import type { Habit } from './stand-in/habits.ts'
import {
  ADMINS,
  BIG,
  DYNAMIC,
  groupId,
  HIDDEN,
  MAIL,
  NO_PIM,
  person,
  RESTRICTED,
  rolesFor,
  smallSeed,
  SUPPORT,
  SYNCED,
  tenant,
  UNDER_PIM,
  userId,
} from './tenant-for-tests.ts'

const HABIT_OF: Partial<Record<DirectoryTrouble, Habit>> = {
  'server error after the effect': '500 after the effect',
  'rate limit of 30 s': '429',
  'rate limit without a word about its end': '429 without headers',
  HTML: 'HTML login page',
  'half a JSON': 'half a JSON',
  'error in a 200': 'error in a 200',
  'paging that loops': 'nextLink that loops',
  'credentials refused': '401',
  'permission missing': '403',
  'error that repeats what was sent': 'error that repeats the request',
  'null for a list': 'null for a list',
  'null among the rows': 'null among the rows',
  'row twice': 'row twice',
  'values of another kind beside the id': 'values of another kind',
}

const ref = (id: string) => ({ provider: 'entra', id })
const isToken = ({ url }: HttpRequest): boolean => url.includes('/oauth2/')
export const isWrite = (request: HttpRequest): boolean => request.method !== 'GET' && !isToken(request)
/** The rights are read from a token. */
const isRead = (request: HttpRequest): boolean => request.method === 'GET' || isToken(request)

export type Observe = (request: HttpRequest, answer: HttpAnswer) => void

/** The connector on the small tenant. `observe` sees every message until trouble is ordered. */
export function entraSubject(observe?: Observe, nativeEnd = false): DirectorySubject {
  let troubled = false
  const seed = smallSeed()
  const acme = tenant({
    seed: { ...seed, client: { ...seed.client, roles: rolesFor(nativeEnd) } },
    config: { nativeEnd: nativeEnd ? 'pim' : '' },
    limits: null,
    longestPage: 100,
    observe: (request, answer) => (troubled ? undefined : observe?.(request, answer)),
  })
  const { standIn } = acme
  const misbehave = (habit: Habit, options: MisbehaveOptions) =>
    standIn.hands.misbehave(habit, { times: 1_000, ...options })
  const tokens = () => acme.requests.map((request) => request.headers['authorization']?.replace('Bearer ', ''))
  const assertions = () =>
    acme.requests.filter(isToken).map(({ body }) => new URLSearchParams(body).get('client_assertion') ?? undefined)
  let made = 0
  return {
    ...acme.entra,
    group: ref(SUPPORT),
    accounts: [userId(260), userId(261), userId(262)],
    unknownGroup: ref(groupId(999)),
    unknownAccount: userId(999),
    vendorManaged: [DYNAMIC, SYNCED, MAIL, ADMINS, RESTRICTED, HIDDEN].map(ref),
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
      accountCount: () => standIn.truth.userCount(),
      standing: (account) => (standIn.truth.isEnabled(account) ? 'active' : 'suspended'),
      sessions: (account) => standIn.truth.sessions(account),
    },
    hands: {
      hire({ login, email, displayName }) {
        const one = person(1_000 + (made += 1), { userPrincipalName: login, mail: email, displayName })
        standIn.hands.hire(one, acme.now())
        return one.id
      },
      setDisplayName: (account, displayName) => standIn.hands.change(account, { displayName }, acme.now()),
      leave: (account) => standIn.hands.deleteUser(account, acme.now()),
      addMember: ({ id }, account) => standIn.hands.addByAdmin(id, account, acme.now()),
      removeMember: ({ id }, account) => standIn.hands.removeByAdmin(id, account, acme.now()),
      makeGroup(name) {
        const id = groupId(1_000 + (made += 1))
        standIn.hands.addGroup({ id, displayName: name, kind: 'security' }, acme.now())
        return ref(id)
      },
      renameGroup: ({ id }, name) => standIn.hands.renameGroup(id, name, acme.now()),
      deleteGroup: ({ id }) => standIn.hands.deleteGroup(id, acme.now()),
      forgetPlaces: () => standIn.hands.forgetPlaces(),
      signIn: (account) => standIn.hands.signIn(account, acme.now()),
      grant(rights) {
        const exact = rolesFor(nativeEnd)
        const fewer = exact.filter((role) => role !== 'AuditLog.Read.All')
        standIn.hands.setRoles(rights === 'one too few' ? fewer : [...exact, 'User.ReadWrite.All'])
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
      } else if (habit !== undefined) misbehave(habit, { when })
      // Without a permission Entra answers 403: an empty list is never its way to say so.
      else if (kind === 'empty lists for want of a role') standIn.hands.takeAway(rolesFor(nativeEnd))
      else for (let i = 0; i < 20; i += 1) acme.lose(kind === 'request lost' ? 'request' : 'answer', when)
    },
    lag: (ms) => standIn.hands.setLag(ms),
    now: acme.now,
    advance: acme.advance,
  }
}

const isUpdate = ({ method, url, body }: HttpRequest): boolean =>
  method === 'POST' && url.endsWith('/assignmentScheduleRequests') && body.includes('"adminUpdate"')

/** The connector on a tenant with PIM, of whose groups one takes no assignment. */
export function entraNativeEndSubject(observe?: Observe): NativeEndSubject {
  const acme = tenant({
    config: { nativeEnd: 'pim' },
    limits: null,
    observe: (request, answer) => observe?.(request, answer),
  })
  const { standIn } = acme
  if (acme.entra.nativeEnd === undefined) throw new Error('PIM is switched on')
  return {
    membership: acme.entra.membership,
    nativeEnd: acme.entra.nativeEnd,
    group: ref(UNDER_PIM),
    accounts: [userId(260), userId(261), userId(262)],
    unknownGroup: ref(groupId(999)),
    unknownAccount: userId(999),
    endless: ref(NO_PIM),
    now: acme.now,
    advance: acme.advance,
    truth: {
      members: ({ id }) => standIn.truth.members(id, acme.now()),
      endsSent: () => acme.requests.filter(isUpdate).length,
    },
    trouble(kind) {
      if (kind === 'permission missing') standIn.hands.misbehave('403', { times: 100, when: isUpdate })
      else if (kind === 'rate limit of 30 s') standIn.hands.misbehave('429', { times: 100, when: isUpdate })
      else for (let i = 0; i < 20; i += 1) acme.lose(kind === 'request lost' ? 'request' : 'answer', isUpdate)
    },
  }
}
