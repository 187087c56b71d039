import type { Application } from './application.ts'
import { BUSINESS_APPLICATIONS } from './business-applications.ts'
import { ENGINEERING_APPLICATIONS } from './engineering-applications.ts'

/** The twelve that people ask for. */
export const APPLICATIONS: readonly Application[] = [...BUSINESS_APPLICATIONS, ...ENGINEERING_APPLICATIONS]
