import { lookAtGroup } from '#engine/drift/look-at-group.ts'
import { claimGroup } from '#engine/handle/claim-group.ts'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { inWords } from '../words/refusals.ts'
import type { CommandIo, ExitCode } from './command.ts'

/** `tenure claim <group>`: puts a group under governance, by its name or its id. */
export async function claim(io: CommandIo, provider: string, nameOrId: string): Promise<ExitCode> {
  const { ports } = io
  const found = await groupsNamed(io, provider, nameOrId)
  if (found.length === 0) {
    io.complain(`${provider} has no group "${nameOrId}". Give its exact name, or its id.`)
    return 1
  }
  if (found.length > 1) {
    io.complain(
      `${provider} has ${found.length} groups named "${nameOrId}". Give the id of the one you mean: ${found.map((each) => each.group.id).join(', ')}`,
    )
    return 1
  }
  const [group] = found
  if (!group) return 1
  const refusal = await claimGroup(ports, group.group, { kind: 'operator', name: io.operator })
  if (refusal !== null) {
    io.complain(
      refusal === 'no such group' ? `${provider} has no such group any more.` : inWords(refusal.code, refusal.detail),
    )
    return 1
  }
  io.say(`"${group.name}" is claimed. Nothing was changed in ${provider}, and nobody in it was adopted.`)
  // In the sandbox only the running server is connected: there the members are found with its next sync.
  const looked = ports.provider(provider) ? await lookAtGroup(ports, group.group) : null
  if (looked?.kind === 'looked' && looked.raised > 0)
    io.say(
      `${looked.raised} of its ${looked.members} members ${looked.raised === 1 ? 'is' : 'are'} explained by no grant: tenure findings lists them.`,
    )
  return 0
}

async function groupsNamed(io: CommandIo, provider: string, nameOrId: string) {
  const look = () => io.ports.store.groupsNamed(provider, nameOrId)
  const known = await look()
  if (known.length > 0) return known
  // It may have been made a moment ago.
  const synced = await syncDirectory(io.ports, provider)
  // In the sandbox only the running server is connected, and it reads the directory by itself.
  if (synced.kind === 'unreadable' && io.ports.provider(provider)) {
    io.complain(`${provider} could not be read: ${synced.said}`)
  }
  return look()
}
