import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { Capabilities, Connector, Holding, Member } from '#connectors/kit/connector.ts'
import type { DirectoryGroup, DirectoryPerson } from '#connectors/kit/directory.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Instant } from '#core/instant.ts'

interface ToyConfig {
  readonly shelf: string
}

/** A directory of a fourth kind, as small as one can be: a shelf of boxes, and names in them. Whoever has the shelf is its truth. */
export interface Shelf {
  readonly boxes: ReadonlyMap<string, Set<string>>
  readonly people: readonly DirectoryPerson[]
}

/** The shelves there are, by the name that the configuration says. */
export const shelves = new Map<string, Shelf>()

export const toy: Connector<ToyConfig> = {
  name: 'toy',
  displayName: 'Toy directory',
  config: { shelf: { env: 'TOY_SHELF', label: 'Shelf', help: 'Its name.', secret: false, required: true } },
  capabilities: ['directory', 'membership'],
  neverTouches: ['the shelf itself'],
  permissions: [],
  connect({ shelf: name }, io): Capabilities {
    const shelf = shelves.get(name)
    if (!shelf) throw new ConfigFault(`TOY_SHELF: there is no shelf "${name}"`)
    const whole = <Row>(rows: readonly Row[]) =>
      Promise.resolve({
        kind: 'read',
        startedAt: io.now(),
        value: { rows, gone: [], next: null, cursor: null },
      } as const)
    const holdings = (account: string): readonly Holding[] =>
      [...shelf.boxes].flatMap(([id, names]) =>
        names.has(account) ? [{ group: { provider: 'toy', id }, source: 'direct' } as const] : [],
      )
    return {
      directory: { people: () => whole(shelf.people), groups: () => whole([...shelf.boxes.keys()].map(groupOf)) },
      membership: {
        change: async (changes, mayStart = () => true) =>
          changes.map(({ do: what, account, group }, place): Outcome => {
            const box = shelf.boxes.get(group.id)
            if (!mayStart(place)) return { kind: 'unavailable', retryAfterMs: null, said: 'not sent' }
            if (!box) return { kind: 'rejected', because: 'no such group', said: 'there is no such box' }
            const isNews = box.has(account) !== (what === 'add')
            if (what === 'add') box.add(account)
            else box.delete(account)
            return answered(isNews, io.now())
          }),
        async members({ id }) {
          const names = shelf.boxes.get(id)
          if (!names) return { kind: 'absent', startedAt: io.now(), said: 'there is no such box' }
          return { kind: 'read', startedAt: io.now(), value: [...names].map(memberOf) }
        },
        groupsOf: async (account) => ({ kind: 'read', startedAt: io.now(), value: holdings(account) }),
      },
    }
  },
}

function answered(isNews: boolean, at: Instant): Outcome {
  return { kind: isNews ? 'changed' : 'unchanged', at, receipt: `toy-${at}` }
}

function memberOf(account: string): Member {
  return { account, source: 'direct' }
}

function groupOf(id: string): DirectoryGroup {
  return { group: { provider: 'toy', id }, name: id, description: `The box ${id}`, notWritable: null, fedByRule: false }
}
