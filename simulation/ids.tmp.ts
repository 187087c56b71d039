import { COMPANY, groupIdOf, GROUP_NAMES } from '#simulation/company.ts'
for (const p of COMPANY.people) console.log(p.displayName, p.id, p.oktaId)
for (const g of GROUP_NAMES) console.log(g, groupIdOf(g))
