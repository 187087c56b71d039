import { contractor, place, staff, type Place } from './place.ts'

export interface Department {
  readonly name: DepartmentName
  /** Reports to the chief executive. */
  readonly head: Place
}

export const DEPARTMENT_NAMES = [
  'Executive',
  'Sales',
  'Support',
  'Engineering',
  'Product',
  'Marketing',
  'Finance',
  'People',
  'Legal',
  'IT & Security',
  'Operations',
] as const
export type DepartmentName = (typeof DEPARTMENT_NAMES)[number]

const CHIEF_EXECUTIVE = place('Chief Executive Officer', 'Ingrid Halvorsen')

const SALES = place(
  'Chief Revenue Officer',
  'Marcus Adeyemi',
  place('Head of Revenue Operations', 'Leonie Brandt', staff(4, 'Revenue Operations Analyst')),
  place(
    'Director of Sales, Europe',
    null,
    place(
      'Sales Manager',
      'Callum Reid',
      staff(3, 'Account Executive'),
      staff(3, 'Sales Development Representative'),
      // Six new hires, all of whom start on the same Monday.
      place('Account Executive', 'Aiko Tanabe'),
      place('Account Executive', 'Bruno Sarmiento'),
      place('Sales Development Representative', 'Chiara Fontana'),
      place('Sales Development Representative', 'Dele Okafor'),
      place('Sales Development Representative', 'Emma Lindgren'),
      place('Sales Development Representative', 'Farid Haddad'),
    ),
    salesTeam(),
    salesTeam(),
  ),
  place('Director of Sales, Americas', null, salesTeam(), salesTeam(), salesTeam(), staff(1, 'Sales Engineer')),
)

function salesTeam(): Place {
  return place('Sales Manager', null, staff(4, 'Account Executive'), staff(3, 'Sales Development Representative'))
}

const SUPPORT = place(
  'Director of Support',
  'Grainne Doyle',
  place(
    'Support Operations Lead',
    'Henrik Solberg',
    staff(3, 'Support Operations Specialist'),
    staff(3, 'Support Engineer'),
  ),
  place('Support Manager', 'Imani Walker', supportTeam(), place('Support Representative', 'Jonas Weber')),
  place('Support Manager', null, supportTeam(), staff(1, 'Support Representative')),
  place('Support Manager', null, supportTeam(), staff(1, 'Support Representative')),
  place('Support Manager', null, supportTeam(), staff(1, 'Contract Support Representative', 'contractor')),
)

function supportTeam(): readonly Place[] {
  return [
    ...staff(5, 'Support Representative'),
    ...staff(2, 'Senior Support Representative'),
    ...staff(1, 'Contract Support Representative', 'contractor'),
  ]
}

const ENGINEERING = place(
  'Chief Technology Officer',
  'Kavita Menon',
  staff(2, 'Principal Engineer'),
  place(
    'Director of Platform',
    'Lukas Steiner',
    place(
      'Engineering Manager',
      'Nikhil Rao',
      place('Site Reliability Engineer', 'Owen Gallagher'),
      staff(8, 'Site Reliability Engineer'),
    ),
    place('Engineering Manager', 'Petra Novak', staff(3, 'Site Reliability Engineer'), staff(6, 'Software Engineer')),
    place(
      'Engineering Manager',
      null,
      place('Senior Database Engineer', 'Quentin Moreau'),
      staff(3, 'Database Engineer'),
      staff(5, 'Software Engineer'),
    ),
  ),
  place(
    'Director of Product Engineering',
    'Maeve Costello',
    place(
      'Engineering Manager',
      null,
      place('Senior Software Engineer', 'Noor Rahimi'),
      staff(2, 'Senior Software Engineer'),
      staff(6, 'Software Engineer'),
    ),
    engineeringTeam(),
    engineeringTeam(),
    engineeringTeam(),
    engineeringTeam(),
  ),
  place(
    'Director of Quality',
    null,
    place(
      'Engineering Manager',
      null,
      place('Quality Engineer', 'Anna Kowalska'),
      staff(6, 'Quality Engineer'),
      staff(2, 'Contract Quality Engineer', 'contractor'),
    ),
  ),
)

function engineeringTeam(): Place {
  return place(
    'Engineering Manager',
    null,
    staff(2, 'Senior Software Engineer'),
    staff(5, 'Software Engineer'),
    staff(2, 'Contract Software Engineer', 'contractor'),
  )
}

const PRODUCT = place(
  'Chief Product Officer',
  null,
  place(
    'Head of Design',
    'Rosalind Achterberg',
    place('Senior Product Designer', 'Sakura Ito'),
    staff(5, 'Product Designer'),
    staff(2, 'User Researcher'),
  ),
  place('Group Product Manager', null, place('Product Manager', 'Tomasz Wilk'), staff(4, 'Product Manager')),
  place('Group Product Manager', null, staff(5, 'Product Manager')),
)

const MARKETING = place(
  'Chief Marketing Officer',
  null,
  place('Demand Generation Manager', null, place('Marketing Analyst', 'Ulrike Hahn'), staff(7, 'Campaign Specialist')),
  place(
    'Content Lead',
    null,
    place('Content Writer', 'Anna Kowalska'),
    staff(5, 'Content Writer'),
    staff(1, 'Contract Illustrator', 'contractor'),
  ),
  place('Product Marketing Lead', null, staff(7, 'Product Marketing Specialist')),
)

const FINANCE = place(
  'Chief Financial Officer',
  null,
  place(
    'Controller',
    'Valentina Cruz',
    staff(5, 'Accountant'),
    staff(4, 'Accounts Payable Specialist'),
    place('Payroll Specialist', 'Mirela Ionescu'),
    staff(1, 'Payroll Specialist'),
    staff(1, 'Contract Accountant', 'contractor'),
  ),
  place(
    'Financial Planning Manager',
    null,
    staff(4, 'Financial Analyst'),
    contractor('Contract Accountant', 'Wei Zhang'),
  ),
)

const PEOPLE = place(
  'Chief People Officer',
  null,
  place('Head of People Operations', 'Ximena Duarte', staff(2, 'People Operations Specialist')),
  place('People Partner', 'Yusuf Demir'),
  staff(4, 'People Partner'),
  place('Talent Acquisition Lead', null, staff(3, 'Recruiter'), staff(1, 'Contract Recruiter', 'contractor')),
)

const LEGAL = place(
  'General Counsel',
  null,
  staff(2, 'Senior Counsel'),
  place('Counsel', 'Anselm Roth'),
  staff(1, 'Counsel'),
  place('Contracts Manager', 'Zoe Papadakis', place('Records Specialist', 'Beatriz Nunes'), staff(1, 'Paralegal')),
)

const IT_AND_SECURITY = place(
  'Chief Information Security Officer',
  'Mara Quill',
  place(
    'Head of Security Operations',
    'Priya Raman',
    place('Security Engineer', 'Dmitri Volkov'),
    place('Security Engineer', 'Hana Kim'),
    staff(2, 'Security Engineer'),
  ),
  place(
    'Director of IT',
    'Stellan Berg',
    place('Systems Administrator', 'Tove Nyberg'),
    staff(3, 'Systems Administrator'),
    place('Business Systems Lead', 'Rafael Ortega', staff(1, 'Business Systems Analyst')),
    place(
      'Service Desk Manager',
      null,
      staff(5, 'Service Desk Specialist'),
      staff(1, 'Contract Service Desk Specialist', 'contractor'),
    ),
  ),
)

const OPERATIONS = place(
  'Chief Operating Officer',
  'Thandiwe Dlamini',
  place(
    'Data & Analytics Lead',
    'Sunita Bhatt',
    place('Data Analyst', 'Elif Kaya'),
    place('Data Analyst', 'Gustavo Pires'),
    staff(3, 'Data Analyst'),
  ),
  // Left, and nobody has been named in this place yet.
  {
    ...place(
      'Logistics Manager',
      'Conrad Fisk',
      place('Logistics Coordinator', 'Freya Madsen'),
      staff(7, 'Logistics Coordinator'),
    ),
    left: true,
  },
  place(
    'Logistics Manager',
    null,
    staff(6, 'Logistics Coordinator'),
    staff(2, 'Contract Logistics Coordinator', 'contractor'),
  ),
  place('Facilities Lead', null, staff(7, 'Facilities Coordinator')),
)

export const DEPARTMENTS: readonly Department[] = [
  { name: 'Executive', head: CHIEF_EXECUTIVE },
  { name: 'Sales', head: SALES },
  { name: 'Support', head: SUPPORT },
  { name: 'Engineering', head: ENGINEERING },
  { name: 'Product', head: PRODUCT },
  { name: 'Marketing', head: MARKETING },
  { name: 'Finance', head: FINANCE },
  { name: 'People', head: PEOPLE },
  { name: 'Legal', head: LEGAL },
  { name: 'IT & Security', head: IT_AND_SECURITY },
  { name: 'Operations', head: OPERATIONS },
]
