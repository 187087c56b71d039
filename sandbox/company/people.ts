import type { PersonId } from '#core/identity-action/membership-key.ts'
import { DEPARTMENTS, type DepartmentName } from './departments.ts'
import { jiraAccountIdOf, oktaIdOf, personIdOf } from './identifiers.ts'
import { fullNameOf, mailboxOf, newName, type Name } from './names.ts'
import type { EmployeeType, Place } from './place.ts'
import { randomOf } from './random.ts'

/** Reserved by RFC 2606: no mail can ever reach anybody. */
export const DOMAIN = 'halden.example'

export interface Person {
  readonly id: PersonId
  readonly oktaId: string
  /** The account they use every day; a few have a second one. */
  readonly jiraAccountId: string
  readonly login: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly displayName: string
  readonly title: string
  readonly department: DepartmentName
  /** Null for the chief executive alone. */
  readonly managerId: PersonId | null
  readonly employeeType: EmployeeType
  /** `suspended` cannot sign in but keeps everything; `left` is deactivated. */
  readonly standing: 'active' | 'suspended' | 'left'
  readonly active: boolean
}

/** Everybody, managers before their reports. */
export function peopleOf(seed: number): readonly Person[] {
  const seats = seatsOfCompany()
  const standings = standingsOf(seed, seats)
  const names = namesOf(seed, seats)
  const mailboxes = new Set<string>()
  return seats.map((seat, index): Person => {
    const name = names[index] as Name
    const login = `${freeMailbox(name, mailboxes)}@${DOMAIN}`
    const standing = standings[index] ?? 'active'
    return {
      id: personIdOf(seed, `seat ${index}`),
      oktaId: oktaIdOf(seed, '00u', `seat ${index}`),
      jiraAccountId: jiraAccountIdOf(seed, `seat ${index}`),
      login,
      email: login,
      firstName: name.first,
      lastName: name.last,
      displayName: fullNameOf(name),
      title: seat.place.title,
      department: seat.department,
      managerId: seat.managerIndex === null ? null : personIdOf(seed, `seat ${seat.managerIndex}`),
      employeeType: seat.place.employeeType,
      standing,
      active: standing === 'active',
    }
  })
}

/** A well-known person. The title is needed only where two people share a name. */
export function personNamed(people: readonly Person[], displayName: string, title?: string): Person {
  const found = people.filter(
    (each) => each.displayName === displayName && (title === undefined || each.title === title),
  )
  const [person] = found
  if (!person || found.length > 1) throw new Error(`${found.length} people are named ${displayName}`)
  return person
}

interface Seat {
  readonly place: Place
  readonly department: DepartmentName
  readonly managerIndex: number | null
}

function seatsOfCompany(): readonly Seat[] {
  const seats: Seat[] = []
  function sit(place: Place, department: DepartmentName, managerIndex: number | null): void {
    const index = seats.push({ place, department, managerIndex }) - 1
    for (const report of place.reports) sit(report, department, index)
  }
  for (const { name, head } of DEPARTMENTS) sit(head, name, seats.length === 0 ? null : 0)
  return seats
}

function namesOf(seed: number, seats: readonly Seat[]): readonly Name[] {
  const random = randomOf(seed, 'names')
  const taken = new Set(seats.flatMap(({ place }) => (place.name === null ? [] : [place.name])))
  return seats.map(({ place }) => {
    if (place.name !== null) return splitName(place.name)
    const name = newName(random, taken)
    taken.add(fullNameOf(name))
    return name
  })
}

function splitName(displayName: string): Name {
  const space = displayName.indexOf(' ')
  return { first: displayName.slice(0, space), last: displayName.slice(space + 1) }
}

/** Two people of one name get addresses as companies give them: the second one with a 2. */
function freeMailbox(name: Name, taken: Set<string>): string {
  const plain = mailboxOf(name)
  let mailbox = plain
  for (let next = 2; taken.has(mailbox); next += 1) mailbox = `${plain}${next}`
  taken.add(mailbox)
  return mailbox
}

const LEAVERS = 8
const SUSPENDED = 4

/** Somebody always has just left. Never a well-known person, a manager, or anybody whose answer is needed. */
function standingsOf(seed: number, seats: readonly Seat[]): readonly Person['standing'][] {
  const standings = seats.map(({ place }): Person['standing'] => (place.left ? 'left' : 'active'))
  const random = randomOf(seed, 'standings')
  const ordinary = seats.flatMap(({ place, department }, index) =>
    place.name === null && place.reports.length === 0 && department !== 'IT & Security' ? [index] : [],
  )
  for (let count = 0; count < LEAVERS + SUSPENDED; count += 1) {
    const [index] = ordinary.splice(random.below(ordinary.length), 1)
    if (index !== undefined) standings[index] = count < LEAVERS ? 'left' : 'suspended'
  }
  return standings
}
