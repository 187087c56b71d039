/**
 * The organisation chart: places, and who sits in the ones that the stories need. Everybody else's name comes from
 * the seed, so the shape of the company and the well-known people are the same in every company that is generated.
 */
export interface Place {
  readonly title: string
  /** A well-known person; null: somebody whose name comes from the seed. */
  readonly name: string | null
  readonly employeeType: EmployeeType
  /** Left the company, though reports may still name them as their manager. */
  readonly left: boolean
  readonly reports: readonly Place[]
}

export type EmployeeType = 'employee' | 'contractor'

/** One place; its team follows, one list per `staff` or place. */
export function place(title: string, name: string | null, ...team: readonly (Place | readonly Place[])[]): Place {
  return { title, name, employeeType: 'employee', left: false, reports: team.flat() }
}

export function staff(count: number, title: string, employeeType: EmployeeType = 'employee'): readonly Place[] {
  return Array.from({ length: count }, () => ({ title, name: null, employeeType, left: false, reports: [] }))
}

export function contractor(title: string, name: string): Place {
  return { ...place(title, name), employeeType: 'contractor' }
}
