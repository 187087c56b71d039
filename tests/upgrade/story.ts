import assert from 'node:assert/strict'
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import type { Queue } from '#engine/store/store.ts'
import { documentOf } from '#connectors/jira/stand-in/rich-text.ts'
import { JIRA_FIELDS } from '#sandbox/seeds/jira-seed.ts'
import { grantOf, person, requestIdOf, statusOf } from '../life/seen.ts'
import { HELD_BY_HAND, OWNER, secondCatalog } from './company.ts'
import type { Product } from './product.ts'
import { FATES, Teller, type Told } from './teller.ts'

/*
 * A day at the office that stops in the middle of everything. First what is over, then what lives, and then, while the
 * clock stands still, work in every state that a worker can leave it in: this is what a release finds that is put in
 * the place of another while people work.
 */

export async function tellStory(product: Product): Promise<Told> {
  const teller = new Teller(product)
  await whatIsOver(teller)
  await whatLives(teller)
  const toBeEnded = await whatIsAboutToEnd(teller)
  const ends = await whatEndsAtOnce(teller)
  await product.pass(30 * MINUTE_MS)
  const unreachable = await whatIsSlow(teller)
  // A second before both ends the clock stops: what follows is not sealed any more.
  await product.pass(Math.min(...ends) - SECOND_MS - product.clock.now())
  const answering = await whileTheClockStands(teller, toBeEnded)
  await theEndOfTheShift(teller, answering)
  product.clock.moveTo(Math.max(...ends) + SECOND_MS)
  await takeAndDie(product, 'timer')
  return { threads: teller.threads, unreachable }
}

/** Requests and grants whose story is told. */
async function whatIsOver(teller: Teller): Promise<void> {
  const { product } = teller
  const ended = teller.somebody()
  const key = await teller.live(ended, 'editor', 1)
  const again = await teller.ask(ended, 'editor', 6)
  teller.thread('asked again while live', again, ended, 'editor', { kind: 'is over', status: 'Refused' })

  const declined = teller.somebody()
  const no = await teller.ask(declined, 'editor', 24)
  await teller.say(no, 'editor', 'decline')

  const edited = teller.somebody()
  const other = await teller.ask(edited, 'editor', 24)
  const owner = person(product, OWNER).id
  await product.people.edit(owner, other, { [JIRA_FIELDS.reason]: documentOf('Something else altogether.') })

  const failed = teller.somebody()
  teller.fate(failed, FATES['not allowed'])
  const never = await teller.open(failed, 'editor', 6)
  await product.pass(HOUR_MS + MINUTE_MS)
  teller.fate(failed, null)

  teller.thread('a window that ended', key, ended, 'editor', { kind: 'is over', status: 'Access ended' })
  teller.thread('declined', no, declined, 'editor', { kind: 'is over', status: 'Declined' })
  // The workflow has no way out of an open approval.
  teller.thread('edited while it waited', other, edited, 'editor', { kind: 'is over', status: 'Waiting for approval' })
  teller.thread('refused by the directory', never, failed, 'editor', { kind: 'is over', status: 'Failed' })
  for (const { key, what, then } of teller.threads)
    if (then.kind === 'is over') assert.equal(statusOf(product, key), then.status, what)
  assert.equal(await product.ports.store.erase(`request/${requestIdOf(product, key)}`, 1), true)
}

/** Windows with all kinds of ends, and a request that outlives the rule it was asked under. */
async function whatLives(teller: Teller): Promise<void> {
  const { product } = teller
  const [far, standing, both, operator, near] = Array.from({ length: 5 }, () => teller.somebody())
  assert.ok(far && standing && both && operator && near)
  await teller.threadThatEnds('a window of a week', await teller.live(far, 'editor', 168), far, 'editor')
  const forGood = await teller.live(standing, 'editor', null)
  teller.thread('standing access, its reason erased', forGood, standing, 'editor', { kind: 'stands' })
  assert.equal(await product.ports.store.erase(`request/${requestIdOf(product, forGood)}`, 1), true)
  const long = await teller.live(both, 'on call', 168)
  await teller.threadThatEnds('a week on call, five groups', long, both, 'on call')
  const short = await teller.live(both, 'responder', 24)
  await teller.threadThatEnds('a second window on one of the five', short, both, 'responder')
  await teller.threadThatEnds(
    'two groups, privileged',
    await teller.live(operator, 'operator', 6),
    operator,
    'operator',
  )
  await teller.threadThatEnds('a window of six hours', await teller.live(near, 'editor', 6), near, 'editor')
  const adopting = person(product, HELD_BY_HAND[0])
  const adopted = await teller.live(adopting, 'explorer', 24)
  await teller.threadThatEnds('adopts what another hand gave', adopted, adopting, 'explorer')

  const early = teller.somebody()
  const asked = await teller.ask(early, 'responder', 24)
  waits(teller, 'waits under an older catalog', asked, early, 'responder', 24)
  await product.pass(HOUR_MS)
  const inForce = await product.ports.store.catalogInForce()
  assert.ok(inForce)
  const by = { kind: 'operator', name: 'fixture' } as const
  assert.equal(await publishCatalog(product.ports, secondCatalog(inForce.catalog), by), null)
}

type Role = Parameters<Teller['ask']>[1]
type Asked = { readonly who: ReturnType<Teller['somebody']>; readonly key: string; readonly role: Role }

function waits(
  teller: Teller,
  what: string,
  key: string,
  who: Asked['who'],
  role: Role,
  hours: number,
  answered = false,
) {
  const byId = teller.approverOf(role).id
  teller.thread(what, key, who, role, { kind: 'is approved', byId, answered, hours })
}

const ENDINGS = [
  ['the worker died before the removal was sent', 'editor', FATES['killed before it was sent']],
  ['the worker died when the removal was done', 'editor', FATES['killed after it was done']],
  ['the removal was answered and is not read back', 'editor', null],
  ['the removal was not answered', 'editor', FATES['not answered']],
  ['the removal was refused', 'editor', FATES['not allowed']],
  ['nobody has begun to remove it', 'editor', null],
  ['nobody has begun to remove either of two', 'operator', null],
] as const

/** Live by now, and ended in the last moment. */
async function whatIsAboutToEnd(teller: Teller): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  for (const [, role] of ENDINGS) {
    const who = teller.somebody()
    asked.push({ who, role, key: await teller.live(who, role, role === 'operator' ? 6 : 24) })
  }
  return asked
}

/** Two windows that end at one moment, an hour from now. */
async function whatEndsAtOnce(teller: Teller): Promise<readonly Instant[]> {
  const two = [teller.somebody(), teller.somebody()]
  const keys: string[] = []
  for (const who of two) keys.push(await teller.ask(who, 'editor', 1))
  for (const key of keys) await teller.say(key, 'editor')
  await teller.product.pass(2 * SECOND_MS)
  const ends: Instant[] = []
  for (const [place, who] of two.entries()) {
    const what = `a window that ended a moment ago, ${place + 1} of 2`
    ends.push(Date.parse(await teller.threadThatEnds(what, keys[place] ?? '', who, 'editor')))
  }
  return ends
}

/** Grants that wait for what a directory does not do. Returns the accounts that it never adds anywhere. */
async function whatIsSlow(teller: Teller): Promise<readonly string[]> {
  const { product } = teller
  const [adding, removing, never] = [teller.somebody(), teller.somebody(), teller.somebody()]
  const gone = await teller.live(removing, 'on call', 24)
  teller.fateIn(adding, ['readers', 'rollback'], FATES['not answered'])
  const there = await teller.open(adding, 'on call', 24)
  teller.thread('three of five are there', there, adding, 'on call', { kind: 'goes live', hours: 24 })
  teller.fateIn(removing, ['readers', 'rollback', 'bastion'], FATES['not answered'])
  await teller.revoke(removing, gone)
  teller.thread('two of five are gone', gone, removing, 'on call', { kind: 'is removed' })
  teller.fate(never, FATES['not answered'])
  const incomplete = await teller.open(never, 'editor', 1)
  const { opened } = await grantOf(product, incomplete)
  assert.ok(opened)
  teller.thread('will never be complete', incomplete, never, 'editor', { kind: 'is given up', at: opened.completeBy })
  await product.pass(10 * MINUTE_MS)
  assert.equal((await grantOf(product, there)).confirmed.length, 3)
  assert.equal((await grantOf(product, gone)).released.length, 2)
  return [never.oktaId]
}

const OPENINGS = [
  ['the worker died before the add was sent', 'editor', FATES['killed before it was sent']],
  ['the worker died when the add was done', 'editor', FATES['killed after it was done']],
  ['the add was answered and is not read back', 'editor', null],
  ['the add was not answered', 'editor', FATES['not answered']],
  ['both adds were answered and are not read back', 'operator', null],
] as const

/** Work in every state. Returns two requests that are about to be answered. */
async function whileTheClockStands(teller: Teller, toBeEnded: readonly Asked[]): Promise<readonly [string, string]> {
  const { product } = teller
  const waiting = teller.somebody()
  waits(teller, 'was asked a moment ago', await teller.ask(waiting, 'editor', 6), waiting, 'editor', 6)
  const erased = teller.somebody()
  const forgotten = await teller.ask(erased, 'operator', 6)
  assert.equal(await product.ports.store.erase(`request/${requestIdOf(product, forgotten)}`, 1), true)
  waits(teller, 'waits, and its reason is erased', forgotten, erased, 'operator', 6)
  const [heard, unheard] = [teller.somebody(), teller.somebody()]
  const answering = [await teller.ask(heard, 'editor', 6), await teller.ask(unheard, 'editor', 24)] as const
  waits(teller, 'approved, and the webhook waits', answering[0], heard, 'editor', 6, true)
  waits(teller, 'approved, and the webhook was lost', answering[1], unheard, 'editor', 24, true)

  for (const [what, role, fate] of OPENINGS) {
    const who = teller.somebody()
    teller.fate(who, fate)
    const hours = role === 'operator' ? 6 : 24
    teller.thread(what, await teller.open(who, role, hours), who, role, { kind: 'goes live', hours })
  }
  const adopting = person(product, HELD_BY_HAND[1])
  const adopted = await teller.open(adopting, 'explorer', 24)
  teller.thread('adopts, and is not read back', adopted, adopting, 'explorer', { kind: 'goes live', hours: 24 })

  for (const [place, [what, role, fate]] of ENDINGS.entries()) {
    const { who, key } = toBeEnded[place] ?? assert.fail(what)
    teller.thread(what, key, who, role, { kind: 'is removed' })
    if (what.startsWith('nobody')) continue
    teller.fate(who, fate)
    await teller.revoke(who, key)
    await product.work()
    assert.equal((await grantOf(product, key)).status, 'ending', what)
  }
  return answering
}

/** The last second: everything arrives, and nothing is done about it any more. */
async function theEndOfTheShift(teller: Teller, [heard, unheard]: readonly [string, string]): Promise<void> {
  const { product, threads } = teller
  const untouched = threads.filter((each) => each.what.startsWith('nobody has begun'))
  for (const { key, personId, what } of untouched) {
    await product.people.move(personId, key, 'Revoke access')
    await product.deliver()
    await product.step('inbox')
    assert.equal((await grantOf(product, key)).status, 'ending', what)
  }
  await takeAndDie(product, 'outbox')

  const [inHand, open] = [teller.somebody(), teller.somebody()]
  const taken = await teller.raise(inHand, 'editor', 6)
  waits(teller, 'its webhook was taken by a worker that died', taken, inHand, 'editor', 6)
  await product.deliver()
  await takeAndDie(product, 'inbox')
  waits(teller, 'its webhook waits', await teller.raise(open, 'editor', 6), open, 'editor', 6)
  await teller.say(heard, 'editor')
  await product.deliver()
  await teller.say(unheard, 'editor')
  product.standIns.jira.takeDeliveries()
}

/** A worker takes the first piece of what is due, and is killed before it did anything about it. */
async function takeAndDie({ ports, clock }: Product, queue: Exclude<Queue, 'membership'>): Promise<void> {
  const options = {
    limit: 1,
    leaseMs: 5_000,
    now: clock.now(),
    ...(queue === 'timer' ? { part: 'ends' as const } : {}),
  }
  assert.equal((await ports.store.claim(queue, options)).length, 1, queue)
}
