import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read, skipLoudly, type DirectorySubject } from './conformance-subject.ts'

const NO_RIGHTS = 'this connector offers no `rights`'

/** What the credentials may do, before anything is done with them. */
export function knowsItsRights(makeSubject: () => DirectorySubject): void {
  test('with exactly what is needed nothing is missing and nothing is too many', async (t) => {
    const { rights } = makeSubject()
    if (rights === undefined) return skipLoudly(t, NO_RIGHTS)
    const { held, missing, tooMany } = read(await rights.check())
    assert.ok(held.length > 0)
    assert.deepEqual([missing, tooMany], [[], []])
  })

  test('a right that is missing is named, and is not held', async (t) => {
    const { rights, hands } = makeSubject()
    if (rights === undefined || hands.grant === undefined) return skipLoudly(t, NO_RIGHTS)
    hands.grant('one too few')
    const { held, missing } = read(await rights.check())
    assert.equal(missing.length, 1)
    assert.ok(!held.includes(missing[0] ?? ''))
  })

  test('a right too many is named, with the reason and what to do', async (t) => {
    const { rights, hands } = makeSubject()
    if (rights === undefined || hands.grant === undefined) return skipLoudly(t, NO_RIGHTS)
    hands.grant('one too many')
    const { held, tooMany } = read(await rights.check())
    assert.equal(tooMany.length, 1)
    assert.ok(held.includes(tooMany[0]?.right ?? ''))
    assert.match(tooMany[0]?.why ?? '', /^\S.{30,}$/)
  })

  test('rights are asked for anew each time', async (t) => {
    const { rights, hands } = makeSubject()
    if (rights === undefined || hands.grant === undefined) return skipLoudly(t, NO_RIGHTS)
    assert.deepEqual(read(await rights.check()).missing, [])
    hands.grant('one too few')
    assert.equal(read(await rights.check()).missing.length, 1)
  })

  test('asking for the rights changes nothing', async (t) => {
    const { rights, truth } = makeSubject()
    if (rights === undefined) return skipLoudly(t, NO_RIGHTS)
    await rights.check()
    assert.deepEqual([truth.writesSent(), truth.changeCount()], [0, 0])
  })

  test('no secret is in any text about rights [I26]', async (t) => {
    const { rights, hands, secrets, trouble } = makeSubject()
    if (rights === undefined) return skipLoudly(t, NO_RIGHTS)
    hands.grant?.('one too many')
    const found = [await rights.check()]
    trouble('error that repeats what was sent', 'read')
    const said = JSON.stringify([...found, await rights.check()])
    for (const secret of secrets()) assert.ok(!said.includes(secret))
  })
}
