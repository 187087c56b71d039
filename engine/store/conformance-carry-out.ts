import type { Catalog } from '#core/catalog/catalog.ts'
import type { JsonObject } from '#core/event.ts'
import type { Append, Claimed, ClaimedMembership, Commit, Directories, Queue, Settlement, Store } from './store.ts'
import { ACCOUNTS, KEYS, MEMBERSHIPS, PEOPLE, PROVIDERS, STREAMS, type Command } from './conformance-commands.ts'
import { event, LEASE_MS, NOW } from './conformance-given.ts'
import { somebody } from './conformance-directory.ts'
import { sealingNoting } from './conformance-log.ts'

/** What was handed out, and when it is: the same for all stores that answered alike so far. */
export interface Story {
  now: number
  readonly claims: (Pick<Claimed, 'id' | 'fence'> & { readonly queue: Queue })[]
}

export function newStory(): Story {
  return { now: NOW, claims: [] }
}

type Of<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>

/** Asks a store what a command says; what the story needs to know of the answer is told by `remember`. */
export async function carryOut(command: Command, store: Store, story: Story): Promise<unknown> {
  const { now } = story
  switch (command.kind) {
    case 'commit':
      return store.commit(await commitOf(command, store, story))
    case 'claim': {
      const { queue, limit, part } = command
      return store.claim(queue, { limit, leaseMs: LEASE_MS, now, ...(part === undefined ? {} : { part }) })
    }
    case 'claim memberships': {
      const { work, limit, of, dueSinceMs, urgencies } = command
      return store.claimMemberships(work, {
        limit,
        leaseMs: LEASE_MS,
        now,
        of: of as Directories,
        ...(dueSinceMs === undefined ? {} : { dueSinceMs }),
        ...(urgencies === undefined ? {} : { urgencies }),
      })
    }
    case 'renew': {
      const held = command.claims.flatMap(({ claim, off }) => claimAt(story, claim, off) ?? [])
      const queue = held[0]?.queue ?? 'timer'
      return [...(await store.renew(queue, held, now + command.for))]
    }
    case 'next due':
      return store.nextDue(command.queue, command.of as Parameters<Store['nextDue']>[1])
    case 'receive':
      return store.receive({ id: command.id, source: 'jira', about: command.id, receivedAt: now + command.at })
    case 'wait':
      return null
    case 'look at directory': {
      const people = command.people.map(({ account, ...seen }, place) =>
        somebody(account, { ...seen, newPersonId: PEOPLE[place] ?? '' }),
      )
      return store.saveDirectory(command.provider, { people, groups: [], at: now + command.at })
    }
    case 'budget': {
      const version = (await store.budget('okta'))?.version ?? 0
      return store.saveBudget('okta', version + command.off, { version })
    }
    case 'seal':
      return store.seal(command.limit, sealingNoting())
    case 'erase':
      return store.erase(command.stream, command.version)
    case 'look around':
      return lookAround(store)
  }
}

export function remember(command: Command, answer: unknown, story: Story): void {
  if (command.kind === 'wait') story.now += command.ms
  if (command.kind === 'claim')
    for (const { id, fence } of answer as readonly Claimed[]) story.claims.push({ queue: command.queue, id, fence })
  if (command.kind === 'claim memberships')
    for (const { id, fence } of answer as readonly ClaimedMembership[])
      story.claims.push({ queue: 'membership', id, fence })
}

/** The newest claims are named most. */
function claimAt({ claims }: Story, claim: number, off: number): Story['claims'][number] | null {
  const recent = claims.slice(-6)
  const found = recent[claim % Math.max(recent.length, 1)]
  return found ? { ...found, fence: found.fence + off } : null
}

async function commitOf(command: Of<'commit'>, store: Store, story: Story): Promise<Commit> {
  const { now } = story
  const standing = await store.load([...STREAMS, ...MEMBERSHIPS])
  const versionOf = (stream: string, off: number): number => Math.max((standing.get(stream)?.version ?? 0) + off, 0)
  const links = command.links && (await linksOf(command.links, store, now))
  const catalog = command.catalog === undefined ? undefined : { version: command.catalog, catalog: CATALOG }
  return {
    now,
    appends: command.appends.map((each): Append => {
      const { stream, off, look } = each
      const expected = versionOf(stream, off)
      const events = each.events.map(({ place, personal }, index) =>
        event(`E${expected + index + 1}`, { place, personal: personal ? PERSONAL : null }),
      )
      const state = each.state as JsonObject
      const waits = look && { work: look.work, urgency: look.urgency, dueAt: now + look.dueIn }
      return { stream, expected, events, state, keys: each.keys, ...(waits === undefined ? {} : { look: waits }) }
    }),
    requires: command.requires && [
      { stream: command.requires.stream, version: versionOf(command.requires.stream, command.requires.off) },
    ],
    setTimers: command.setTimers.map(({ id, kind, dueIn, unlessSet }) => ({
      id,
      kind,
      about: `${id} at ${now}`,
      dueAt: now + dueIn,
      ...(unlessSet ? { unlessSet } : {}),
    })),
    cancelTimers: command.cancelTimers,
    settle: command.settle.flatMap((each) => settlementOf(each, story, versionOf) ?? []),
    outbox: command.outbox.map((key, place) => ({ key, stream: `request/${key}`, version: place })),
    ...(catalog === undefined ? {} : { catalog }),
    ...(links === undefined ? {} : { links }),
  }
}

const PERSONAL = { salt: Buffer.from('salt'), fields: { name: 'Ada' }, digest: 'digest' }
const CATALOG = { apps: [] } as unknown as Catalog

function settlementOf(
  each: Of<'commit'>['settle'][number],
  story: Story,
  versionOf: (stream: string, off: number) => number,
): Settlement | null {
  const claim = claimAt(story, each.claim, each.off)
  if (claim === null) return null
  const { dueIn, work, urgency, versionOff, progress, keepLease } = each
  return {
    ...claim,
    dueAt: dueIn === null ? null : story.now + dueIn,
    progress,
    ...(work ? { work } : {}),
    ...(urgency === undefined ? {} : { urgency }),
    ...(versionOff === undefined ? {} : { version: versionOf(claim.id, versionOff) }),
    ...(keepLease ? { keepLease } : {}),
  }
}

async function linksOf(drawn: NonNullable<Of<'commit'>['links']>, store: Store, now: number) {
  const standing = await store.linksOfAccounts('jira', ACCOUNTS)
  return drawn.map(({ account, whose, off }) => {
    const replaces = off === 0 ? (standing.find((each) => each.account === account)?.personId ?? null) : 'per_1'
    const proof = 'verified e-mail' as const
    return { system: 'jira', account, personId: whose, proof, provenBy: 'ops', at: now, replaces }
  })
}

/** All that can be seen without changing anything. */
export async function lookAround(store: Store): Promise<unknown> {
  const streams = [...STREAMS, ...MEMBERSHIPS]
  const events = streams.flatMap((stream) => [1, 2].map((version) => store.eventAt(stream, version)))
  const moments = ([undefined, 'timer', 'inbox', 'outbox', 'membership'] as const).map((each) => store.nextDue(each))
  return {
    streams: [...(await store.load(streams))],
    found: await Promise.all(KEYS.map((key) => store.find(key))),
    events: await Promise.all(events),
    moments: await Promise.all(moments),
    catalog: await store.catalogInForce(),
    people: await store.people(PEOPLE),
    managers: await store.managers(),
    byAddress: await Promise.all(['ONE', 'two', 'four'].map((each) => store.peopleByAddresses([each]))),
    links: [await store.linksOf(PEOPLE), await store.linksOfAccounts('jira', ACCOUNTS)],
    budgets: await Promise.all(PROVIDERS.map((each) => store.budget(each))),
    checkpoint: await store.newestCheckpoint(),
    sealed: await store.sealed(0, 1_000),
  }
}
